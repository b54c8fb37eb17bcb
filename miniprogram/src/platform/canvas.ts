/** Kept photos on a canvas, to be drawn on: a browser's own, or WeChat's canvas 2D. */
import type { Context } from "@/drawing/paint";
import type { Size } from "@/drawing/marks";
import type { Chosen } from "@/platform/camera";
import { pathOf, photoBlob } from "@/platform/photos";
import { encoded, loadedBy, saved, THRIFTY_COPY, uprightCopy, uprightPath, USUAL_COPY, type Measure, type WechatCanvas } from "@/platform/shrink";
import { signal } from "@/platform/signal";

export interface Board extends Size {
  context: Context & { drawImage(image: unknown, x: number, y: number, width: number, height: number): void };
}

/** A photo that can be drawn onto boards. */
export interface Picture extends Size {
  image: unknown;
}

const measure = (): Measure => (signal.isThrifty ? THRIFTY_COPY : USUAL_COPY);

/** A kept photo with something painted on it, as a JPEG without a word of what the camera wrote. Throws if it cannot be opened. */
export function painted(key: string, paint: (board: Board) => void): Promise<Chosen> {
  // #ifdef H5
  return paintedByBrowser(key, paint);
  // #endif
  // #ifndef H5
  return paintedByWechat(key, paint);
  // #endif
}

// #ifdef H5
async function paintedByBrowser(key: string, paint: (board: Board) => void): Promise<Chosen> {
  const canvas = await openInBrowser(key);
  paint(boardOf(canvas));
  const found = await encoded(canvas, measure());
  if (!found) throw new Error("the browser made no picture of the canvas");
  return found;
}

/** The photo, upright and no larger than what is sent. Throws if it cannot be opened. */
export async function openInBrowser(key: string): Promise<HTMLCanvasElement> {
  const blob = await photoBlob(key);
  if (!blob) throw new Error("the photo is gone");
  return uprightCopy(blob, measure().side);
}

export function boardOf(canvas: HTMLCanvasElement): Board {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  return { context: context as Board["context"], width: canvas.width, height: canvas.height };
}
// #endif

// #ifndef H5
async function paintedByWechat(key: string, paint: (board: Board) => void): Promise<Chosen> {
  const canvas = wx.createOffscreenCanvas({ type: "2d", width: 1, height: 1 });
  const { image, width, height } = await openInWechat(key, canvas);
  Object.assign(canvas, { width, height });
  const board = { context: canvas.getContext("2d"), width, height };
  board.context.drawImage(image, 0, 0, width, height);
  paint(board);
  return saved(canvas, 0.8);
}

/** The same as `openInBrowser`, to be drawn on that canvas. */
export async function openInWechat(key: string, canvas: WechatCanvas): Promise<Picture> {
  const path = await uprightPath(pathOf(key), measure().side);
  const image = await loadedBy(canvas, path);
  return { image, width: image.width, height: image.height };
}
// #endif
