/** How a parcel that is being sent gets on. */
import type { Parcel } from "@/kinds/index";
import type { KeptPhoto } from "@/kinds/parcel";
import { sent } from "@/platform/pieces";

export const WAITS_FOR_WIFI = "waits_for_wifi"; // of a problem: a video, while the worker saves data
const SECOND = 1000;
const PAUSES = [3 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND, 180 * SECOND];

/** How long to wait after that many failures in a row. */
export function pauseAfter(attempts: number): number {
  return PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
}

/** How much of one photo has left the phone, in per cent. */
export const percentOf = (parcel: Parcel, { key, size }: KeptPhoto): number =>
  parcel.arrived.includes(key) ? 100 : Math.floor((100 * (sent[key] ?? 0)) / size);

/** How much of all of them, from 0 to 1. */
export function shareOf({ photos, arrived }: Parcel): number {
  const all = photos.reduce((sum, { size }) => sum + size, 0);
  const gone = photos.reduce((sum, { key, size }) => sum + (arrived.includes(key) ? size : (sent[key] ?? 0)), 0);
  return all ? gone / all : 0;
}

export const waitsForWifi = (parcel: Parcel): boolean => parcel.state === "sending" && parcel.problem?.code === WAITS_FOR_WIFI;

/** “3/4 张已上传，第 4 张 60%”, and what it waits for. */
export function progressText(parcel: Parcel, online: boolean): string {
  if (parcel.state === "editing") return parcel.problem?.message ?? "草稿，还没提交";
  if (parcel.state === "refused") return parcel.problem?.message ?? "没有提交成功，点开看看。";
  const count = countText(parcel);
  if (parcel.isPaused) return [count, "已暂停，点“继续”接着传"].filter(Boolean).join("，");
  if (!count) return online ? "正在发送…" : "等网络恢复后自动发送";
  if (!online) return `${count}，等网络恢复后自动续传`;
  if (waitsForWifi(parcel)) return `${count}。省流量开着，视频等连上 Wi‑Fi 再发；视频到了，工会才看得到这条。`;
  return parcel.attempts > 0 ? `${count}，信号不好，会自动再试` : `${count}，正在发送…`;
}

function countText(parcel: Parcel): string {
  if (!parcel.photos.length) return "";
  const under = parcel.photos.findIndex(({ key }) => !parcel.arrived.includes(key) && key in sent);
  const photo = parcel.photos[under];
  const percent = photo ? percentOf(parcel, photo) : 0; // nothing of it yet: nothing to say
  return `${parcel.arrived.length}/${parcel.photos.length} 张已上传${percent ? `，第 ${under + 1} 张 ${percent}%` : ""}`;
}
