import { onPullDownRefresh, onShow } from "@dcloudio/uni-app";
import { ref, type Ref } from "vue";

import { asProblem, type Problem } from "@/api/problem";
import { session } from "@/api/session";

export interface Loaded<T> {
  item: Ref<T | null>;
  problem: Ref<Problem | null>; // also set when what stands there could not be brought up to date
  load: () => Promise<void>;
}

/** The one thing of a page: loaded when shown and when pulled. With `keyOf` the phone keeps it, to be looked at without signal. */
export function useLoaded<T>(fetchItem: () => Promise<T>, keyOf?: () => string): Loaded<T> {
  const item = ref(null) as Ref<T | null>;
  const problem = ref<Problem | null>(null);
  const key = (): string => `${keyOf?.()}.${session.me?.id ?? ""}`; // another person on this phone sees nothing of it

  async function load(): Promise<void> {
    if (keyOf) item.value ??= (uni.getStorageSync(key()) as T | "") || null;
    try {
      item.value = await fetchItem();
      problem.value = null;
      if (keyOf) uni.setStorageSync(key(), JSON.parse(JSON.stringify(item.value)));
    } catch (thrown) {
      problem.value = asProblem(thrown);
    } finally {
      uni.stopPullDownRefresh();
    }
  }

  onShow(() => void load());
  onPullDownRefresh(() => void load());
  return { item, problem, load };
}
