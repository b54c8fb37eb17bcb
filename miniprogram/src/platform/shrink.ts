/** Photos made smaller on the phone: what goes out first, so that it arrives on a bad line. */
import type { Chosen } from "@/platform/camera";
import type { Board } from "@/platform/canvas";

/** How large a copy may be: pixels of its longer side and, if it can be had at that side, bytes. */
export interface Measure {
  side: number;
  bytes: number;
}

export const USUAL_COPY: Measure = { side: 2048, bytes: 600_000 };
export const THRIFTY_COPY: Measure = { side: 1600, bytes: 300_000 };
const LARGEST: Measure = { side: 4096, bytes: Infinity };
const QUALITIES = [0.82, 0.7, 0.55]; // of JPEG: the first that is small enough, else the last

/** The photo as it is, or, if it has more than `most` bytes, a smaller JPEG of it. What cannot be made smaller stays as it is. */
export async function withinLimit(chosen: Chosen, most: number): Promise<Chosen> {
  return chosen.size <= most ? chosen : ((await smaller(chosen, LARGEST)) ?? chosen);
}

/** An upright JPEG of the photo without what the camera wrote into it; null if it is small as it is, or cannot be made smaller. */
export async function smallCopy(chosen: Chosen, measure: Measure): Promise<Chosen | null> {
  if (chosen.size <= measure.bytes) return null;
  const copy = await smaller(chosen, measure);
  return copy && copy.size < chosen.size ? copy : null;
}

function smaller(chosen: Chosen, measure: Measure): Promise<Chosen | null> {
  // #ifdef H5
  return byCanvas(chosen, measure);
  // #endif
  // #ifndef H5
  return byWechat(chosen, measure);
  // #endif
}

// #ifdef H5
async function byCanvas(chosen: Chosen, measure: Measure): Promise<Chosen | null> {
  const canvas = await uprightCopy(chosen.source as Blob, measure.side).catch(() => null);
  return canvas && encoded(canvas, measure);
}

/** What is on the canvas as a JPEG; the canvas is empty afterwards. */
export async function encoded(canvas: HTMLCanvasElement, measure: Measure): Promise<Chosen | null> {
  let found: Blob | null = null;
  for (const quality of QUALITIES) {
    found = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (!found || found.size <= measure.bytes) break;
  }
  canvas.width = canvas.height = 0; // iOS keeps a canvas's memory until then
  return found && { source: found, size: found.size };
}

/** Browsers turn it upright by what the camera wrote. */
export async function uprightCopy(photo: Blob, side: number): Promise<HTMLCanvasElement> {
  const picture = await createImageBitmap(photo).catch(() => loaded(photo));
  const [width, height] = "naturalWidth" in picture ? [picture.naturalWidth, picture.naturalHeight] : [picture.width, picture.height];
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#fff"; // a JPEG knows nothing transparent and would show it black
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if ("close" in picture) picture.close();
  return canvas;
}

/** For browsers without `createImageBitmap`, or whose own fails for it. */
async function loaded(photo: Blob): Promise<HTMLImageElement> {
  const picture = new Image();
  picture.src = URL.createObjectURL(photo);
  try {
    await picture.decode();
  } finally {
    URL.revokeObjectURL(picture.src);
  }
  return picture;
}
// #endif

// #ifndef H5
async function byWechat(chosen: Chosen, measure: Measure): Promise<Chosen | null> {
  const src = chosen.source as string;
  const info = await new Promise<{ width: number; height: number; type?: string } | null>((resolve) => {
    uni.getImageInfo({ src, success: resolve, fail: () => resolve(null) });
  });
  if (!info) return null;
  const scale = Math.min(1, measure.side / Math.max(info.width, info.height));
  const [width, height] = [Math.round(info.width * scale), Math.round(info.height * scale)];
  const canvas = info.type === "png" ? await onWhite(src, width, height).catch(() => null) : null;
  let found: Chosen | null = null;
  for (const quality of QUALITIES) {
    found = await (canvas ? saved(canvas, quality).catch(() => null) : compressed(src, Math.round(quality * 100), width));
    if (!found || found.size <= measure.bytes) break;
  }
  return found;
}

/** WeChat's canvas, in a page or off the screen. */
export interface WechatCanvas {
  width: number;
  height: number;
  getContext(type: "2d"): Board["context"];
  createImage(): { src: string; width: number; height: number; onload?: () => void; onerror?: (fault: unknown) => void };
}

/** What may be transparent: WeChat's own copy of it is black there on Android, and on iOS it makes none. */
async function onWhite(path: string, width: number, height: number): Promise<WechatCanvas> {
  const canvas = wx.createOffscreenCanvas({ type: "2d", width, height });
  const image = await loadedBy(canvas, path);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

export function loadedBy(canvas: WechatCanvas, path: string): Promise<ReturnType<WechatCanvas["createImage"]>> {
  return new Promise((resolve, reject) => {
    const image = canvas.createImage();
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = path;
  });
}

/** What is on the canvas as a JPEG. */
export function saved(canvas: WechatCanvas, quality: number): Promise<Chosen> {
  const { width, height } = canvas;
  return new Promise((resolve, reject) => {
    wx.canvasToTempFilePath({
      canvas, fileType: "jpg", quality, width, height, destWidth: width, destHeight: height,
      success: ({ tempFilePath }) =>
        uni.getFileSystemManager().getFileInfo({
          filePath: tempFilePath, success: ({ size }) => resolve({ source: tempFilePath, size }), fail: reject,
        }),
      fail: reject,
    });
  });
}

/** The path of an upright copy that is drawn on; of the photo itself where WeChat makes none, which is upright then. */
export async function uprightPath(path: string, side: number): Promise<string> {
  const copy = await byWechat({ source: path, size: 0 }, { side, bytes: Infinity });
  return copy ? (copy.source as string) : path;
}

/** By WeChat itself, which keeps it upright; the height follows the width. */
function compressed(src: string, quality: number, compressedWidth: number): Promise<Chosen | null> {
  return new Promise((resolve) => {
    uni.compressImage({
      src,
      quality,
      compressedWidth,
      success: ({ tempFilePath }) =>
        uni.getFileSystemManager().getFileInfo({
          filePath: tempFilePath,
          success: ({ size }) => resolve({ source: tempFilePath, size }),
          fail: () => resolve(null),
        }),
      fail: () => resolve(null),
    } as UniApp.CompressImageOptions);
  });
}
// #endif
