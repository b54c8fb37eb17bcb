import { asProblem } from "@/api/problem";
import { useConfirm } from "@/lib/confirm";
import { startLevel } from "@/quiz/player";

const confirm = useConfirm();
let busy = false;

/** Ask, then begin a level. The attempt's id; null if the worker changed their mind or it was not to be, which was then said. */
export async function beginLevel(quizId: string, level: number, about: string, triesLeft: number): Promise<string | null> {
  if (busy || !(await isWanted(level, about, triesLeft))) return null;
  busy = true;
  uni.showLoading({ title: "正在出题…" });
  try {
    return await startLevel(quizId, level);
  } catch (thrown) {
    const { status, message } = asProblem(thrown);
    const content = status === 0 ? "没有网络，还没有开始，次数没有多用。信号恢复后再点一次。" : message;
    uni.showModal({ title: "没有开始", content, showCancel: false });
    return null;
  } finally {
    busy = false;
    uni.hideLoading();
  }
}

const isWanted = (level: number, about: string, triesLeft: number): Promise<boolean> =>
  confirm({
    title: `开始第 ${level} 关？`,
    content: `${about}开始后一直计时，退出也不停。今天还能试 ${triesLeft} 次。`,
    confirmText: "开始",
  });
