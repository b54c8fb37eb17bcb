/** The photo on the screen, as large as it fits, and a finger on it. */
import type { ComponentPublicInstance } from "vue";

import type { Point, Size } from "@/drawing/marks";
import { boardOf, openInBrowser, openInWechat, type Board } from "@/platform/canvas";
import type { WechatCanvas } from "@/platform/shrink";
import { crossOf, type Finger } from "@/pictures/cross";

export interface Easel extends Board {
  base: unknown; // the picture to be drawn below everything
  view: Size; // on the screen
}

const SHARPEST = 2; // pixels to one of the screen's: more costs a weak phone time and shows nothing

type Page = ComponentPublicInstance | null | undefined;

/** Throws if the photo cannot be opened. */
export function openEasel(key: string, page: Page, finger: Finger): Promise<Easel> {
  // #ifdef H5
  return inBrowser(key, page, finger);
  // #endif
  // #ifndef H5
  return inWechat(key, page);
  // #endif
}

function found<T>(page: Page, id: string, fields: UniApp.NodeField): Promise<T> {
  return new Promise((resolve) => {
    uni.createSelectorQuery().in(page).select(`#${id}`).fields(fields, (node) => resolve(node as T)).exec();
  });
}

async function fitted(page: Page, picture: Size): Promise<Size> {
  const room = await found<Size>(page, "room", { size: true });
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  return { width: Math.floor(picture.width * scale), height: Math.floor(picture.height * scale) };
}

const sharp = ({ width, height }: Size): Size => {
  const ratio = Math.min(SHARPEST, uni.getWindowInfo().pixelRatio);
  return { width: Math.round(width * ratio), height: Math.round(height * ratio) };
};

// #ifdef H5
/** A canvas of our own: the framework's knows no mouse and no pen. */
async function inBrowser(key: string, page: Page, finger: Finger): Promise<Easel> {
  const photo = await openInBrowser(key);
  const view = await fitted(page, photo);
  const [canvas, base] = [document.createElement("canvas"), document.createElement("canvas")];
  Object.assign(canvas, sharp(view));
  Object.assign(base, sharp(view));
  base.getContext("2d")?.drawImage(photo, 0, 0, base.width, base.height);
  photo.width = photo.height = 0;
  Object.assign(canvas.style, { position: "absolute", inset: "0", margin: "auto", maxWidth: "100%", maxHeight: "100%", touchAction: "none" });
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application"); // arrow keys come to it, and move no reader's own cursor
  canvas.setAttribute("aria-label", "照片，用手指或方向键在上面画");
  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = canvas.getBoundingClientRect(); // anew: the phone may have been turned
    return [(clientX - left) / width, (clientY - top) / height];
  };
  const cross = crossOf(finger, view);
  canvas.onfocus = () => canvas.matches(":focus-visible") && cross.show(); // not by a tap
  canvas.onblur = cross.hide;
  canvas.onkeydown = (event) => {
    if (cross.press(event)) event.preventDefault(); // a handler that gives false keeps Tab from leaving
  };
  canvas.onpointerdown = (event) => {
    if (!event.isPrimary) return;
    cross.hide();
    canvas.setPointerCapture(event.pointerId);
    finger.begin(pointOf(event));
  };
  canvas.onpointermove = (event) => event.isPrimary && finger.move(pointOf(event));
  canvas.onpointerup = canvas.onpointercancel = (event) => event.isPrimary && finger.end();
  document.getElementById("board")?.replaceChildren(canvas);
  return { ...boardOf(canvas), base, view };
}
// #endif

// #ifndef H5
async function inWechat(key: string, page: Page): Promise<Easel> {
  const { node: canvas } = await found<{ node: WechatCanvas }>(page, "board", { node: true });
  const picture = await openInWechat(key, canvas);
  const view = await fitted(page, picture);
  Object.assign(canvas, sharp(view));
  return { context: canvas.getContext("2d"), width: canvas.width, height: canvas.height, base: picture.image, view };
}
// #endif
