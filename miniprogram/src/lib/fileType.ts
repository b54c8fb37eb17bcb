/** What a file is by its bytes, whatever it is called: photos that the service takes, and what people choose by mistake. */
export type FileType = "photo" | "video" | "moving" | "other";

const PHOTO_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

const textOf = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
const isPng = (bytes: Uint8Array): boolean => textOf(bytes, 1, 4) === "PNG";

/** By the first bytes. */
export function fileType(head: ArrayBuffer): FileType {
  const bytes = new Uint8Array(head, 0, Math.min(12, head.byteLength));
  const text = (from: number, to: number): string => textOf(bytes, from, to);
  if (isJpeg(bytes) || isPng(bytes) || (text(0, 4) === "RIFF" && text(8, 12) === "WEBP")) return "photo";
  if (text(0, 3) === "GIF") return "moving";
  if (text(4, 8) === "ftyp") return PHOTO_BRANDS.includes(text(8, 12)) ? "photo" : text(8, 12) === "avif" ? "other" : "video";
  const isVideo = (bytes[0] === 0x1a && bytes[1] === 0x45) || (text(0, 4) === "RIFF" && text(8, 12) === "AVI ");
  return isVideo ? "video" : "other";
}

/** Whether a JPEG or PNG has its end, which a copy that was cut off has not; phones write films and other things behind it. Others pass. */
export function hasEnd(content: ArrayBuffer): boolean {
  const bytes = new Uint8Array(content);
  if (isPng(bytes)) return endsAfter(bytes, 8, "IEND");
  return !isJpeg(bytes) || endsAfter(bytes, startOfScan(bytes), "\xff\xd9");
}

function endsAfter(bytes: Uint8Array, from: number, mark: string): boolean {
  const first = mark.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (textOf(bytes, at, at + mark.length) === mark) return true;
  }
  return false;
}

/** Where a JPEG's picture begins: behind what the camera wrote, in which a small picture has an end of its own. */
function startOfScan(bytes: Uint8Array): number {
  let at = 2;
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda && at + 4 < bytes.length) at += 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
  return at;
}
