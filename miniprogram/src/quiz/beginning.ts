import { asProblem } from "@/api/problem";
import { useConfirm } from "@/lib/confirm";
import { startLevel } from "@/quiz/starting";

const confirm = useConfirm();
let busy = false;

/** Ask, then begin a paper. The attempt's id; null if the worker changed their mind or it was not to be, which was then said. */
export async function beginPaper(title: string, content: string, start: () => Promise<string>): Promise<string | null> {
  if (busy || !(await confirm({ title, content, confirmText: "开始" }))) return null;
  busy = true;
  uni.showLoading({ title: "正在出题…" });
  try {
    return await start();
  } catch (thrown) {
    const { status, message } = asProblem(thrown);
    const why = status === 0 ? "没有网络，还没有开始，次数没有多用。信号恢复后再点一次。" : message;
    uni.showModal({ title: "没有开始", content: why, showCancel: false });
    return null;
  } finally {
    busy = false;
    uni.hideLoading();
  }
}

/** Ask, then begin a level. */
export function beginLevel(quizId: string, level: number, about: string, triesLeft: number): Promise<string | null> {
  const content = `${about}开始后一直计时，退出也不停。今天还能试 ${triesLeft} 次。`;
  return beginPaper(`开始第 ${level} 关？`, content, () => startLevel(quizId, level));
}
