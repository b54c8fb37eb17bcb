/** Starting the test after a training. */
import { getExam, startExamAttempt } from "@/api/calls";
import { startPaper } from "@/quiz/starting";

/** Start it. Returns the attempt's id. Throws Problem. */
export const startExam = (sessionId: string): Promise<string> =>
  startPaper({
    kind: "exam",
    of: sessionId,
    start: (id) => startExamAttempt(id, sessionId),
    findRunning: async () => (await getExam(sessionId)).running_attempt_id,
  });
