import { computed, ref, type ComputedRef, type Ref } from "vue";

import { asProblem, type Problem } from "@/api/problem";
import { toast } from "@/lib/toast";

interface Options {
  toasts?: boolean; // a failure is told in passing; else the page shows `fault`
  words?: (problem: Problem) => string; // for the worker, of what went wrong
}

export interface Action {
  busy: ComputedRef<boolean>;
  doing: Ref<string>; // which of several it is; empty when idle
  problem: Ref<Problem | null>;
  fault: Ref<string>; // in words; a page may put its own there
  /** Do it unless something is being done. Tells whether it was done; never throws. */
  run: (work: () => Promise<unknown>, name?: string) => Promise<boolean>;
}

/** What the worker sets off with a tap: one at a time, and a failure is said. */
export function useAction({ toasts = false, words = (problem) => problem.detail }: Options = {}): Action {
  const doing = ref("");
  const problem = ref<Problem | null>(null);
  const fault = ref("");

  async function run(work: () => Promise<unknown>, name = "it"): Promise<boolean> {
    if (doing.value) return false;
    doing.value = name;
    problem.value = null;
    fault.value = "";
    try {
      await work();
      return true;
    } catch (thrown) {
      problem.value = asProblem(thrown);
      if (toasts) toast(words(problem.value));
      else fault.value = words(problem.value);
      return false;
    } finally {
      doing.value = "";
    }
  }

  return { busy: computed(() => doing.value !== ""), doing, problem, fault, run };
}
