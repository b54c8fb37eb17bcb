// Whoever writes a decision holds the item, so that a colleague sees it: from opening a panel until it is sent or
// closed, the page is left, or nothing was done for three minutes. If the page cannot say so, the server lets go by
// itself a few minutes after the last renewal.
import { post, Refused } from "./answers.js";
import { say } from "./toasts.js";

const RENEWAL = 60_000; // milliseconds
const IDLE = 180_000;

let bar = null; // the decision bar, while the item is held
let timer = 0;
let lastTouch = 0;
let isSent = false;
let claiming = new AbortController(); // a claim that comes after the decision would be refused

export function installHolding() {
  for (const name of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(name, touch, { capture: true, passive: true });
  }
  document.addEventListener("submit", (event) => {
    isSent = !event.defaultPrevented;
    if (isSent) claiming.abort();
  });
  window.addEventListener("pagehide", () => !isSent && letGo());
  window.addEventListener("pageshow", () => (isSent = false));
}

/** Hold the item that the bar belongs to, and go on holding it while somebody is at it. */
export function hold(owner) {
  if (!owner || bar) return;
  bar = owner;
  lastTouch = Date.now();
  timer = setInterval(renew, RENEWAL);
  claim();
}

/** Give the item back, if it was this page that took it. Also works while the page goes away. */
export function letGo() {
  if (!bar) return;
  clearInterval(timer);
  if (bar.dataset.release) navigator.sendBeacon(bar.dataset.release, words());
  bar = null;
}

function renew() {
  if (Date.now() - lastTouch >= IDLE) letGo();
  else claim();
}

// After a pause the item was given back: whoever goes on writing takes it again.
function touch() {
  const pause = Date.now() - lastTouch;
  lastTouch = Date.now();
  const panel = pause >= IDLE && document.querySelector(".panel:not([hidden])");
  if (panel) hold(document.querySelector("[data-claim]"));
}

// Quietly: if somebody was faster, say so.
async function claim() {
  claiming = new AbortController();
  try {
    await post(bar.dataset.claim, words(), claiming.signal);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    say(problem instanceof Refused ? problem.message : "没有连上服务器。请检查网络后再提交。");
    if (!(problem instanceof Refused)) return;
    clearInterval(timer);
    bar = null;
  }
}

function words() {
  return new URLSearchParams({ csrf_token: document.querySelector("input[name=csrf_token]").value, quietly: "1" });
}
