/** Starting a paper: the same start again, after its answer was lost, costs no second try. */
import { getQuiz, startAttempt } from "@/api/calls";
import { asProblem } from "@/api/problem";
import { uuid7 } from "@/lib/uuid7";
import { merge, type Kind, type Paper } from "@/quiz/sheet";
import { keep, keptSheet, me } from "@/quiz/shelf";

interface Start {
  kind: Kind;
  of: string; // what the paper belongs to: its kind and this name it on the phone
  start: (attemptId: string) => Promise<Paper>;
  findRunning: () => Promise<string | null | undefined>; // the attempt that was begun on another phone
}

/** Start one. Returns the attempt's id. Throws Problem. */
export async function startPaper(about: Start): Promise<string> {
  const key = `${about.kind}.start.${me()}.${about.of}`;
  const id = (uni.getStorageSync(key) as string) || uuid7();
  uni.setStorageSync(key, id); // before it is sent: it may arrive while its answer does not
  try {
    const attempt = await about.start(id);
    uni.removeStorageSync(key);
    if (attempt.status === "graded") return await startPaper(about); // that one is long over
    keep(merge(keptSheet(id), attempt, me(), about.kind));
    return id;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (!problem.isPassing || problem.code === "tries_used_up") uni.removeStorageSync(key);
    if (problem.code !== "attempt_running") throw problem;
    const running = await about.findRunning();
    if (!running) throw problem;
    return running;
  }
}

/** Start a level. Returns the attempt's id. Throws Problem. */
export const startLevel = (quizId: string, level: number): Promise<string> =>
  startPaper({
    kind: "quiz",
    of: `${quizId}.${level}`,
    start: (id) => startAttempt(id, quizId, level),
    findRunning: async () => (await getQuiz(quizId)).levels.find((known) => known.number === level)?.running_attempt_id,
  });
