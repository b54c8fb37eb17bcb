// Keys are written where they work: data-key="d" on a button, link or field. A button is pressed, a field is focused.
// data-key-label says what it does; the help ("?") lists every key that works on the page.
import { open } from "./dialogs.js";

const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", " ": "空格" };
const extra = []; // keys that scripts handle themselves

/** Make a key that a script handles known to the help. */
export function describeKeys(keys, label) {
  extra.push([keys, label]);
}

export function installKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" || event.key === "？") {
      event.preventDefault();
      help();
      return;
    }
    const target = find(event.key);
    if (target) {
      event.preventDefault();
      act(target);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) help();
  });
}

/** Does now what was pressed before this script was there (early.js), up to the first key that leads into a field. */
export function takeUpEarlyKeys() {
  const pressed = window.earlyKeys ?? [];
  window.earlyKeys = null;
  for (const { key, shiftKey } of pressed) {
    const here = /** @type {HTMLElement} */ (document.activeElement);
    if (isTyping(here)) return;
    const isLeft = here.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
    if (isLeft && key === "Enter" && here.matches("a, button")) here.click(); // a browser does so for real keys only
  }
}

/** Whether keys mean letters here. */
export function isTyping(element) {
  return (
    element instanceof Element &&
    element.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])") !== null
  );
}

function find(key) {
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  return [...document.querySelectorAll("[data-key]")].find(
    (element) => element.dataset.key.split(" ").includes(wanted) && !element.disabled && isShown(element),
  );
}

function isShown(element) {
  return element.tagName === "LINK" || element.getClientRects().length > 0;
}

function act(element) {
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function help() {
  const dialog = document.getElementById("keys-help");
  const list = dialog.querySelector("dl");
  const marked = [...document.querySelectorAll("[data-key]")]
    .filter((element) => !element.disabled && isShown(element))
    .map((element) => [element.dataset.key.split(" "), element.dataset.keyLabel ?? element.textContent.trim()]);
  list.replaceChildren(...[...extra, ...marked, [["?"], "显示这个帮助"]].map(([keys, label]) => row(keys, label)));
  open(dialog);
}

function row(keys, label) {
  const line = document.createElement("div");
  const term = document.createElement("dt");
  keys.forEach((key) => {
    const cap = document.createElement("kbd");
    cap.textContent = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
    term.append(cap, " ");
  });
  const words = document.createElement("dd");
  words.textContent = label;
  line.append(term, words);
  return line;
}
