import { onPullDownRefresh, onShow } from "@dcloudio/uni-app";
import { ref, type Ref } from "vue";

import type { Problem } from "@/api/problem";
import { session } from "@/api/session";
import { recall, retain } from "@/lib/kept";
import { useLatest } from "@/lib/latest";

interface Options {
  keyOf?: () => string; // the phone keeps it under this, to be looked at without signal
  when?: () => boolean; // nothing is asked for while this does not hold
  byHand?: boolean; // only when `load` is called, not when the page is shown or pulled
}

export interface Loaded<T> {
  item: Ref<T | null>;
  problem: Ref<Problem | null>; // also set when what stands there could not be brought up to date
  seenAt: Ref<number | null>; // when that was, in ms since 1970
  load: () => Promise<void>; // joins the load that is under way
  reload: () => Promise<void>; // after a change: what is under way may be older
}

/** The one thing of a page: loaded when shown and when pulled. */
export function useLoaded<T>(fetchItem: () => Promise<T>, { keyOf, when, byHand }: Options = {}): Loaded<T> {
  const item = ref(null) as Ref<T | null>;
  const seenAt = ref<number | null>(null);
  const { problem, share, start } = useLatest();

  async function begin(how: typeof share): Promise<void> {
    if (when && !when()) return uni.stopPullDownRefresh();
    const key = keyOf && `${keyOf()}.${session.me?.id ?? ""}`; // another person on this phone sees nothing of it
    const known = key && item.value === null ? recall<T>(key) : null;
    if (known) [item.value, seenAt.value] = [known.value, known.at];
    await how("", fetchItem, (found) => {
      item.value = found;
      seenAt.value = Date.now();
      if (key) retain(key, found, seenAt.value);
    });
  }

  const load = (): Promise<void> => begin(share);
  if (!byHand) {
    onShow(() => void load());
    onPullDownRefresh(() => void load());
  }
  return { item, problem, seenAt, load, reload: () => begin(start) };
}
