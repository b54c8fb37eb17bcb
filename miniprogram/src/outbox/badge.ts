import { markRead } from "@/api/calls";
import { reactive } from "vue";

const INBOX_TAB = 2;

export const inbox = reactive({ unread: 0 });

/** Show the number of unread messages on the tab. */
export function showUnread(unread: number): void {
  inbox.unread = unread;
  // Fails quietly on pages without a tab bar; the next tab page shows it.
  if (unread > 0) uni.setTabBarBadge({ index: INBOX_TAB, text: unread > 99 ? "99+" : String(unread), fail: () => undefined });
  else uni.removeTabBarBadge({ index: INBOX_TAB, fail: () => undefined });
}

export async function readAll(): Promise<void> {
  showUnread((await markRead({ all: true })).unread);
}
