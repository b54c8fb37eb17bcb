// The search over everything: Ctrl+K opens it on every page, the arrows walk through what was found, Enter opens it.
// htmx fills the list; this says when: not while an input method is still composing a word.
import { open } from "./dialogs.js";
import { describeKeys } from "./keys.js";

const WAIT = 250; // milliseconds after the last key
const CHANGED = "search-words";

export function installSearch() {
  const dialog = document.getElementById("search");
  if (!dialog) return;
  const input = dialog.querySelector("input[name=q]");
  describeKeys(["Ctrl K"], "查找");
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault(); // browsers would look for it elsewhere
    if (document.querySelector("dialog[open]")) return;
    open(dialog);
    input.select?.();
  });
  let timer = 0;
  const ask = (event) => {
    clearTimeout(timer);
    if (!(event instanceof InputEvent && event.isComposing))
      timer = setTimeout(() => input.dispatchEvent(new Event(CHANGED)), WAIT);
  };
  input.addEventListener("input", ask);
  input.addEventListener("compositionend", ask);
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    const stops = [input, ...dialog.querySelectorAll(".search-hits a")];
    const next = stops.findIndex((stop) => stop === document.activeElement) + step;
    event.preventDefault();
    stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
  });
}
