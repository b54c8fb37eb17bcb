import { ref, type Ref } from "vue";

import { asProblem, type Problem } from "@/api/problem";

export interface Latest {
  problem: Ref<Problem | null>; // why the last one failed
  isRunning: () => boolean;
  /** Load, or join the load of the same `what` that is under way. */
  share: <A>(what: string, fetchIt: () => Promise<A>, take: (answer: A) => void) => Promise<void>;
  /** Load anew: whatever is under way was asked for too early, and its answer is dropped. */
  start: <A>(what: string, fetchIt: () => Promise<A>, take: (answer: A) => void) => Promise<void>;
}

/** Loads of which only the one begun last counts. None of them throws; a pull ends when it is done. */
export function useLatest(): Latest {
  const problem = ref<Problem | null>(null);
  let running: { what: string; done: Promise<void> } | null = null;

  function start<A>(what: string, fetchIt: () => Promise<A>, take: (answer: A) => void): Promise<void> {
    const mine = { what, done: Promise.resolve() };
    running = mine;
    mine.done = run(fetchIt, take, () => running === mine);
    return mine.done;
  }

  async function run<A>(fetchIt: () => Promise<A>, take: (answer: A) => void, counts: () => boolean): Promise<void> {
    try {
      const answer = await fetchIt();
      if (!counts()) return;
      take(answer);
      problem.value = null;
    } catch (thrown) {
      if (counts()) problem.value = asProblem(thrown);
    } finally {
      if (counts()) {
        running = null;
        uni.stopPullDownRefresh();
      }
    }
  }

  const share: Latest["share"] = (what, fetchIt, take) =>
    running?.what === what ? running.done : start(what, fetchIt, take);

  return { problem, isRunning: () => running !== null, share, start };
}
