/** Whether a video just chosen can go with a report: told at once, not after it was sent. Pure. */
const TOLERANCE = 0.5; // seconds: phones stop a little late
const [HEAD, MOST] = [8, 100]; // of a box: the bytes of its head; and so many are looked at
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

/** Whether some of it is missing, read off its boxes: each says how long it is, and one is the index. Of more than a hundred boxes the service says. */
export async function isCutOff(size: number, read: (position: number, length: number) => Promise<ArrayBuffer>): Promise<boolean> {
  const kinds = new Set<string>();
  let at = 0;
  for (let count = 0; at + HEAD <= size; count++) {
    if (count === MOST) return false;
    const head = new DataView(await read(at, 2 * HEAD));
    let length = head.getUint32(0);
    if (length === 1 && head.byteLength === 2 * HEAD) length = head.getUint32(8) * 2 ** 32 + head.getUint32(12);
    if (length === 0) length = size - at;
    kinds.add(String.fromCharCode(...[4, 5, 6, 7].map((place) => head.getUint8(place))));
    at += length;
    if (length < HEAD || at > size) return true;
  }
  return !kinds.has("moov") || !kinds.has("mdat");
}

/** “0:12” */
export const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;
