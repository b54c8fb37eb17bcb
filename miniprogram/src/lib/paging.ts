import { onPullDownRefresh, onReachBottom, onShow } from "@dcloudio/uni-app";
import { ref, type Ref } from "vue";

import { asProblem, type Problem } from "@/api/problem";

interface PageOf<T> {
  items: T[];
  next: string | null;
}

export interface Paged<T> {
  items: Ref<T[]>;
  next: Ref<string | null>;
  state: Ref<"loading" | "ready" | "failed">;
  problem: Ref<Problem | null>; // also set when what stands there could not be brought up to date
  load: (after?: string | null) => Promise<void>;
}

/** A list of a page of its own: loaded when shown, afresh when pulled, further at its end. What was shown stays when a load fails. */
export function usePaged<T>(fetchPage: (after: string | null) => Promise<PageOf<T>>): Paged<T> {
  const items = ref([]) as Ref<T[]>;
  const next = ref<string | null>(null);
  const state = ref<"loading" | "ready" | "failed">("loading");
  const problem = ref<Problem | null>(null);
  let busy = false;

  async function load(after: string | null = null): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const page = await fetchPage(after);
      items.value = after ? [...items.value, ...page.items] : page.items;
      next.value = page.next;
      state.value = "ready";
      problem.value = null;
    } catch (thrown) {
      problem.value = asProblem(thrown);
      if (state.value === "loading") state.value = "failed";
    } finally {
      busy = false;
      uni.stopPullDownRefresh();
    }
  }

  onShow(() => void load());
  onPullDownRefresh(() => void load());
  onReachBottom(() => {
    if (next.value) void load(next.value);
  });
  return { items, next, state, problem, load };
}
