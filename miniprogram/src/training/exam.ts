/** Beginning the test after a training. */
import { getExam, startExamAttempt } from "@/api/calls";
import { asProblem } from "@/api/problem";
import { uuid7 } from "@/lib/uuid7";
import { merge } from "@/quiz/sheet";
import { keep, keptSheet, me } from "@/quiz/shelf";

/** Begin it; the same start again, after its answer was lost, costs no second try. Returns the attempt's id. Throws Problem. */
export async function startExam(sessionId: string): Promise<string> {
  const key = `exam.start.${me()}.${sessionId}`;
  const id = (uni.getStorageSync(key) as string) || uuid7();
  uni.setStorageSync(key, id); // before it is sent: it may arrive while its answer does not
  try {
    const attempt = await startExamAttempt(id, sessionId);
    uni.removeStorageSync(key);
    if (attempt.status === "graded") return await startExam(sessionId); // that one is long over
    keep(merge(keptSheet(id), attempt, me(), "exam"));
    return id;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (!problem.isPassing || problem.code === "tries_used_up") uni.removeStorageSync(key);
    if (problem.code !== "attempt_running") throw problem;
    const running = (await getExam(sessionId)).running_attempt_id;
    if (!running) throw problem;
    return running; // begun on another phone
  }
}
