import { wordsOf } from "./answers.js";

// Short messages at the top. Those that offer to undo stay longer; none goes while it is pointed at or focused.
const SHORT = 6_000;
const LONG = 20_000;

export function installToasts() {
  document.querySelectorAll(".toast-line").forEach(watch);
  document.body.addEventListener("htmx:sendError", () => say("没有连上服务器，刚才的操作没有生效。请检查网络后再试。"));
  document.body.addEventListener("htmx:responseError", (/** @type {CustomEvent} */ event) => say(wordsOf(event.detail.xhr.responseText)));
}

/** Show one message that a script has to say. */
export function say(text, kind = "error") {
  const template = document.getElementById("toast-template");
  const box = document.getElementById("toasts");
  if (!template || !box) return;
  const line = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
  line.classList.add(`toast-${kind}`);
  line.querySelector("[data-text]").textContent = text;
  box.append(line);
  watch(line);
}

function watch(line) {
  line.querySelector(".close")?.addEventListener("click", () => line.remove());
  const stay = line.querySelector("form, a") ? LONG : SHORT;
  let timer = setTimeout(() => line.remove(), stay);
  for (const [enter, leave] of [["mouseenter", "mouseleave"], ["focusin", "focusout"]]) {
    line.addEventListener(enter, () => clearTimeout(timer));
    line.addEventListener(leave, () => {
      clearTimeout(timer);
      timer = setTimeout(() => line.remove(), SHORT);
    });
  }
}
