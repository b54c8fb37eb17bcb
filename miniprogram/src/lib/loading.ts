import { onPullDownRefresh, onShow } from "@dcloudio/uni-app";
import { ref, type Ref } from "vue";

import type { Problem } from "@/api/problem";
import { session } from "@/api/session";
import { useLatest } from "@/lib/latest";

interface Options {
  keyOf?: () => string; // the phone keeps it under this, to be looked at without signal
  when?: () => boolean; // nothing is asked for while this does not hold
  byHand?: boolean; // only when `load` is called, not when the page is shown or pulled
}

export interface Loaded<T> {
  item: Ref<T | null>;
  problem: Ref<Problem | null>; // also set when what stands there could not be brought up to date
  load: () => Promise<void>; // joins the load that is under way
  reload: () => Promise<void>; // after a change: what is under way may be older
}

/** The one thing of a page: loaded when shown and when pulled. */
export function useLoaded<T>(fetchItem: () => Promise<T>, { keyOf, when, byHand }: Options = {}): Loaded<T> {
  const item = ref(null) as Ref<T | null>;
  const { problem, share, start } = useLatest();

  async function begin(how: typeof share): Promise<void> {
    if (when && !when()) return uni.stopPullDownRefresh();
    const key = keyOf && `${keyOf()}.${session.me?.id ?? ""}`; // another person on this phone sees nothing of it
    if (key) item.value ??= (uni.getStorageSync(key) as T | "") || null;
    await how("", fetchItem, (found) => {
      item.value = found;
      if (key) uni.setStorageSync(key, JSON.parse(JSON.stringify(found)));
    });
  }

  const load = (): Promise<void> => begin(share);
  if (!byHand) {
    onShow(() => void load());
    onPullDownRefresh(() => void load());
  }
  return { item, problem, load, reload: () => begin(start) };
}
