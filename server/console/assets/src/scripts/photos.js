// Looking at photos: fit, zoom (wheel, pinch, + and −), turn, drag, next and previous.
//
// The list of thumbnails is the data: each button carries data-display (what to show), data-original (what to open) and
// data-video (what to play, under the browser's own controls; never by itself).
import { describeKeys, isTyping } from "./keys.js";

const CLOSEST = 8; // times the fitting size
const STEP = 1.35;

export function installPhotos() {
  const stage = document.querySelector("[data-stage]");
  if (!stage) return;
  const viewer = new Viewer(stage);
  viewer.show(0);
  describeKeys(["←", "→"], "上一张、下一张照片");
  describeKeys(["+", "-", "0"], "放大、缩小、复原");
  document.addEventListener("keydown", (event) => onKey(viewer, event));
  new ResizeObserver(() => viewer.place()).observe(stage);
}

function onKey(viewer, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || event.target instanceof HTMLVideoElement) return; // a player has keys of its own
  const action = {
    ArrowLeft: () => viewer.step(-1),
    "[": () => viewer.step(-1),
    ArrowRight: () => viewer.step(1),
    "]": () => viewer.step(1),
    "+": () => viewer.zoom(STEP),
    "=": () => viewer.zoom(STEP),
    "-": () => viewer.zoom(1 / STEP),
    0: () => viewer.reset(),
  }[event.key];
  // Radio buttons are walked with the arrows; there they must not turn the photo.
  if (!action || (event.key.startsWith("Arrow") && event.target.type === "radio")) return;
  event.preventDefault();
  action();
}

class Viewer {
  constructor(stage) {
    this.stage = stage;
    this.view = stage.querySelector("[data-view]");
    this.image = this.view.querySelector("img");
    this.video = this.view.querySelector("video");
    this.message = stage.querySelector("[data-stage-message]");
    this.count = stage.querySelector("[data-stage-count]");
    this.original = stage.querySelector("[data-stage-original]");
    this.thumbs = [...stage.querySelectorAll("[data-thumb]")];
    this.index = 0;
    this.pointers = new Map();
    this.forget();
    this.listen();
  }

  forget() {
    this.scale = 1;
    this.turn = 0;
    this.x = 0;
    this.y = 0;
  }

  listen() {
    this.stage.addEventListener("click", (event) => {
      const button = event.target.closest("[data-thumb], [data-view-action]");
      if (!button) return;
      if ("thumb" in button.dataset) this.show(this.thumbs.indexOf(button));
      else this.act(button.dataset.viewAction);
    });
    this.image.addEventListener("load", () => {
      this.message.hidden = true;
      this.place();
    });
    this.image.addEventListener("error", () => this.say("照片没有打开，链接可能已经过期。"));
    this.view.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, event);
    }, { passive: false });
    this.view.addEventListener("dblclick", (event) => (this.scale > 1 ? this.reset() : this.zoom(2.5, event)));
    this.view.addEventListener("pointerdown", (event) => this.press(event));
    this.view.addEventListener("pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.view.addEventListener(end, (event) => this.release(event));
  }

  act(name) {
    ({
      previous: () => this.step(-1),
      next: () => this.step(1),
      closer: () => this.zoom(STEP),
      away: () => this.zoom(1 / STEP),
      turn: () => this.rotate(),
      reload: () => location.reload(),
    })[name]?.();
  }

  show(index) {
    const thumb = this.thumbs[index];
    if (!thumb) return;
    this.index = index;
    this.forget();
    this.thumbs.forEach((other) => other.removeAttribute("aria-current"));
    thumb.setAttribute("aria-current", "true");
    thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (this.count) this.count.textContent = `${index + 1} / ${this.thumbs.length}`;
    if (this.original) {
      this.original.querySelector("[data-stage-original-words]").textContent = thumb.dataset.originalWords;
      this.original.href = thumb.dataset.original || "";
      this.original.hidden = !thumb.dataset.original;
    }
    document.querySelectorAll("[data-photo-facts]").forEach((facts) => {
      facts.hidden = facts.dataset.photoFacts !== String(index);
    });
    this.load(thumb);
    this.preload(index + 1);
  }

  load(thumb) {
    this.image.classList.remove("is-placed");
    this.image.hidden = !thumb.dataset.display || Boolean(thumb.dataset.video);
    this.offer(thumb);
    this.image.alt = thumb.getAttribute("aria-label") ?? "";
    this.message.hidden = true;
    if (thumb.dataset.display) this.image.src = thumb.dataset.display;
    else this.say(thumb.dataset.missing || "照片正在处理，稍后刷新就能看到。");
    if (this.image.complete && this.image.naturalWidth) this.place();
  }

  /** The video of a thumbnail that is of one; what was played before stops. */
  offer({ dataset, ariaLabel }) {
    if (!this.video) return;
    this.video.pause();
    this.video.hidden = !dataset.video;
    if (!dataset.video) return this.video.removeAttribute("src");
    Object.assign(this.video, { src: dataset.video, poster: dataset.display, ariaLabel });
  }

  preload(index) {
    const address = this.thumbs[index]?.dataset.display;
    if (address) new Image().src = address;
  }

  say(words) {
    this.image.hidden = true;
    this.message.hidden = false;
    this.message.querySelector("[data-words]").textContent = words;
  }

  step(by) {
    const count = this.thumbs.length;
    if (count > 1) this.show((this.index + by + count) % count);
  }

  rotate() {
    this.turn = (this.turn + 90) % 360;
    this.x = 0;
    this.y = 0;
    this.place();
  }

  reset() {
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.place();
  }

  /** Zoom by a factor, around a point if one is given, so that what is under the finger stays there. */
  zoom(factor, around) {
    const next = Math.min(Math.max(this.scale * factor, 1), CLOSEST);
    if (around) {
      const box = this.view.getBoundingClientRect();
      const px = around.clientX - box.left - box.width / 2;
      const py = around.clientY - box.top - box.height / 2;
      const by = next / this.scale;
      this.x = px - (px - this.x) * by;
      this.y = py - (py - this.y) * by;
    }
    this.scale = next;
    this.place();
  }

  place() {
    const { naturalWidth: width, naturalHeight: height } = this.image;
    if (!width) return;
    const box = this.view.getBoundingClientRect();
    const lying = this.turn % 180 !== 0;
    const [wide, high] = lying ? [height, width] : [width, height];
    const fit = Math.min(box.width / wide, box.height / high);
    this.keepInside(box, wide * fit * this.scale, high * fit * this.scale);
    this.image.classList.add("is-placed");
    this.image.style.transform =
      `translate(-50%, -50%) translate(${this.x}px, ${this.y}px) rotate(${this.turn}deg) scale(${fit * this.scale})`;
  }

  keepInside(box, wide, high) {
    const slackX = Math.max((wide - box.width) / 2, 0);
    const slackY = Math.max((high - box.height) / 2, 0);
    this.x = Math.min(Math.max(this.x, -slackX), slackX);
    this.y = Math.min(Math.max(this.y, -slackY), slackY);
  }

  press(event) {
    if (event.button > 0 || event.target === this.video) return;
    this.view.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event);
    this.view.classList.add("is-dragged");
    this.start = { x: event.clientX, y: event.clientY };
  }

  drag(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    if (this.pointers.size === 2) this.pinch(event, before);
    else if (this.scale > 1) {
      this.x += event.clientX - before.clientX;
      this.y += event.clientY - before.clientY;
      this.place();
    }
    this.pointers.set(event.pointerId, event);
  }

  pinch(event, before) {
    const other = [...this.pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    const apart = (a) => Math.hypot(a.clientX - other.clientX, a.clientY - other.clientY);
    const middle = { clientX: (event.clientX + other.clientX) / 2, clientY: (event.clientY + other.clientY) / 2 };
    this.zoom(apart(event) / Math.max(apart(before), 1), middle);
  }

  release(event) {
    const alone = this.pointers.size === 1;
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.view.classList.remove("is-dragged");
    const moved = event.clientX - (this.start?.x ?? event.clientX);
    if (alone && this.scale === 1 && event.type === "pointerup" && Math.abs(moved) > 60) this.step(moved < 0 ? 1 : -1);
  }
}
