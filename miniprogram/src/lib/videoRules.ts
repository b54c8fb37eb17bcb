/** Whether a video just chosen can go with a report: told at once, not after it was sent. Pure. */
const TOLERANCE = 0.5; // seconds: phones stop a little late
const STILLS = ["heic", "heix", "heim", "heis", "mif1", "avif"];

export interface VideoFacts {
  head: ArrayBuffer; // the first bytes
  size: number;
  seconds: number | null; // null: this phone cannot tell, the service will
}

export interface VideoLimits {
  video_max_bytes: number;
  video_max_seconds: number;
}

/** Until the campaign has said, or where it was kept by an earlier version. */
export const LIMITS: VideoLimits = { video_max_bytes: 20 * 1024 * 1024, video_max_seconds: 15 };

/** Why it is not taken, in words; null if it is. */
export function unfitVideo({ head, size, seconds }: VideoFacts, limits: VideoLimits): string | null {
  if (!size) return "这段视频是空的，重新拍一段。";
  const text = (from: number, to: number): string => String.fromCharCode(...new Uint8Array(head).subarray(from, to));
  if (text(4, 8) !== "ftyp" || STILLS.includes(text(8, 12))) return "这个文件不是手机拍的视频（MP4、MOV），换一段。";
  if (seconds !== null && seconds > limits.video_max_seconds + TOLERANCE) {
    return `视频最长 ${limits.video_max_seconds} 秒，这段有 ${Math.ceil(seconds)} 秒。重拍一段短的，或者剪短再选。`;
  }
  if (size > limits.video_max_bytes) return `视频最大 ${Math.floor(limits.video_max_bytes / 1024 / 1024)} MB。拍短一点，或者在相机里把清晰度调低。`;
  return null;
}

/** “0:12” */
export const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
