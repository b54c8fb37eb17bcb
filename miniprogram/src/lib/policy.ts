import { reactive } from "vue";

import { getPolicy } from "@/api/calls";
import type { Problem } from "@/api/problem";
import type { Policy } from "@/api/types";
import { noteHolding } from "@/platform/privacy";

const KEPT = "privacy.policy"; // to be read without signal

/** The present policy, as last heard. */
export const policy = reactive<{ now: Policy | null; problem: Problem | null }>({
  now: (uni.getStorageSync(KEPT) as Policy | "") || null, problem: null,
});

export async function readPolicy(): Promise<void> {
  policy.problem = null;
  try {
    policy.now = await getPolicy();
    noteHolding(policy.now.holding);
    uni.setStorageSync(KEPT, JSON.parse(JSON.stringify(policy.now)));
  } catch (problem) {
    policy.problem = problem as Problem;
  }
}
