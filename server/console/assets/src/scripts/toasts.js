// Short messages at the top. Those that offer to undo stay longer; none goes while it is pointed at or focused.
const SHORT = 6_000;
const LONG = 20_000;

export function installToasts() {
  document.querySelectorAll(".toast-line").forEach(watch);
  document.body.addEventListener("htmx:sendError", () => say("没有连上服务器，刚才的操作没有生效。请检查网络后再试。"));
  document.body.addEventListener("htmx:responseError", (event) => say(messageIn(event.detail.xhr)));
}

/** Show one message that a script has to say. */
export function say(text, kind = "error") {
  const template = document.getElementById("toast-template");
  const box = document.getElementById("toasts");
  if (!template || !box) return;
  const line = template.content.firstElementChild.cloneNode(true);
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

function messageIn(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText || "", "text/html");
  const words = page.querySelector("[data-error-message]")?.textContent?.trim();
  return words || "刚才的操作没有成功，请刷新页面后再试。";
}
