/** Tasks that were opened stay on the phone, to be read and filled in without signal. */
import { session } from "@/api/session";
import type { Task } from "@/api/types";

const MOST = 30;
const whose = (): string => session.me?.id ?? "";
const indexKey = (): string => `tasks.opened.${whose()}`;
export const keyOf = (id: string): string => `task.${id}`;
const stored = (id: string): string => `${keyOf(id)}.${whose()}`; // as useLoaded keeps it

/** Note that it was opened; what was opened longest ago goes when there are too many. */
export function noteOpened(id: string): void {
  const known = ((uni.getStorageSync(indexKey()) as string[] | "") || []).filter((each) => each !== id);
  const opened = [id, ...known];
  for (const old of opened.slice(MOST)) uni.removeStorageSync(stored(old));
  uni.setStorageSync(indexKey(), opened.slice(0, MOST));
}

/** What the server said after a change. */
export function keepTask(task: Task): void {
  uni.setStorageSync(stored(task.id), JSON.parse(JSON.stringify(task)));
}
