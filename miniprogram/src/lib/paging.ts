import { onPullDownRefresh, onReachBottom, onShow } from "@dcloudio/uni-app";
import { ref, type Ref } from "vue";

import type { Problem } from "@/api/problem";
import { session } from "@/api/session";
import { recall, retain } from "@/lib/kept";
import { useLatest } from "@/lib/latest";

interface Page {
  items: unknown[];
  next: string | null;
}

interface Options<P> {
  keyOf?: () => string; // the phone keeps the first page under this, to be looked at without signal
  noted?: (page: P) => void; // what else a page of the list says
  byHand?: boolean; // only when `load` is called, not when the page is shown, pulled or read to its end
}

export interface Paged<T> {
  items: Ref<T[]>;
  next: Ref<string | null>;
  state: Ref<"loading" | "ready" | "failed">;
  problem: Ref<Problem | null>; // also set when what stands there could not be brought up to date
  seenAt: Ref<number | null>; // when that was, in ms since 1970
  load: () => Promise<void>; // afresh; joins the load that is under way
  reload: () => Promise<void>; // after a change: what is under way may be older
  restart: () => Promise<void>; // another list from now on
  more: () => Promise<void>;
}

/** A list: loaded when shown, afresh when pulled, further at its end. What was shown stays when a load fails. */
export function usePaged<P extends Page>(
  fetchPage: (after: string | null) => Promise<P>, { keyOf, noted, byHand }: Options<P> = {},
): Paged<P["items"][number]> {
  const items = ref([]) as Ref<P["items"]>;
  const next = ref<string | null>(null);
  const state = ref<"loading" | "ready" | "failed">("loading");
  const seenAt = ref<number | null>(null);
  const { problem, isRunning, share, start } = useLatest();

  async function begin(how: typeof share, after: string | null): Promise<void> {
    const key = after || !keyOf ? null : `${keyOf()}.${session.me?.id ?? ""}`; // another person on this phone sees nothing of it
    const kept = key && state.value === "loading" ? recall<P>(key) : null;
    if (kept) {
      [items.value, seenAt.value] = [kept.value.items, kept.at];
      state.value = "ready";
    }
    await how(after ?? "", () => fetchPage(after), (page) => {
      items.value = after ? [...items.value, ...page.items] : page.items;
      next.value = page.next;
      state.value = "ready";
      if (!after) seenAt.value = Date.now();
      if (key) retain(key, page, Date.now());
      noted?.(page);
    });
    if (problem.value && state.value === "loading") state.value = "failed";
  }

  const load = (): Promise<void> => begin(share, null);
  const reload = (): Promise<void> => begin(start, null);

  function restart(): Promise<void> {
    items.value = [];
    next.value = null;
    state.value = "loading";
    problem.value = null;
    return reload();
  }

  async function more(): Promise<void> {
    if (next.value && !isRunning()) await begin(share, next.value);
  }

  if (!byHand) {
    onShow(() => void load());
    onPullDownRefresh(() => void load());
    onReachBottom(() => void more());
  }
  return { items, next, state, problem, seenAt, load, reload, restart, more };
}
