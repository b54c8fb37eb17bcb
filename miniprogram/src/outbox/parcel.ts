/** How a parcel that is being sent gets on. */
import type { Parcel } from "@/kinds/index";

const SECOND = 1000;
const PAUSES = [3 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND, 180 * SECOND];

/** How long to wait after that many failures in a row. */
export function pauseAfter(attempts: number): number {
  return PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
}

/** “3/4 张已上传”, and what it waits for. */
export function progressText(parcel: Parcel, online: boolean): string {
  if (parcel.state === "editing") return parcel.problem?.message ?? "草稿，还没提交";
  if (parcel.state === "refused") return parcel.problem?.message ?? "没有提交成功，点开看看。";
  if (parcel.photos.length === 0) return online ? "正在发送…" : "等网络恢复后自动发送";
  const count = `${parcel.arrived.length}/${parcel.photos.length} 张已上传`;
  if (!online) return `${count}，等网络恢复后自动续传`;
  return parcel.attempts > 0 ? `${count}，信号不好，会自动再试` : `${count}，正在发送…`;
}
