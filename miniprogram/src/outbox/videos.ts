/** A short video with a report: chosen or taken, looked at, kept. Loaded when somebody wants one. */
import type { Parcel } from "@/kinds/index";
import { campaign } from "@/lib/campaign";
import { uuid7 } from "@/lib/uuid7";
import { isCutOff, LIMITS, unfitVideo } from "@/lib/videoRules";
import { keepFile, keepInRoom, showPhoto } from "@/outbox/outbox";
import { bytesOf, headOf } from "@/platform/photos";
import { chooseVideo, playVideo, type ChosenVideo } from "@/platform/video";

const tell = (title: string, content: string): void => void uni.showModal({ title, content, showCancel: false, confirmText: "知道了" });

/** Ask for one and keep it with the parcel; why not is said. */
export async function addVideo(parcel: Parcel): Promise<void> {
  const limits = { ...LIMITS, ...campaign.now?.photos };
  const chosen = await chooseVideo(limits.video_max_seconds);
  if (!chosen) return;
  const head = await headOf(chosen.source).catch(() => new ArrayBuffer(0));
  const why = unfitVideo({ head, size: chosen.size, seconds: chosen.seconds }, limits);
  if (why) return tell("这段视频放不进来", why);
  if (await isCutOff(chosen.size, (position, length) => bytesOf(chosen.source, position, length)).catch(() => false)) {
    return tell("这段视频放不进来", "这段视频不完整，打不开。重新拍一段，或者换一段。");
  }
  uni.showLoading({ title: "保存视频…" });
  try {
    await keepFile(parcel, chosen, { video: { seconds: chosen.seconds ?? 0, poster: await keptPoster(chosen) } });
  } catch {
    tell("视频没存下来", "手机空间可能不够了，清理一下再拍。已有的照片都还在。");
  } finally {
    uni.hideLoading();
  }
}

/** Without one a drawing stands for it. */
async function keptPoster({ poster }: ChosenVideo): Promise<string> {
  const key = uuid7();
  return poster ? keepInRoom(key, poster).then(() => key, () => "") : "";
}

export const playKept = async (key: string): Promise<void> => playVideo(await showPhoto(key));
