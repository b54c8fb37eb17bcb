/**
 * The page in a browser for whoever uses no pointer or does not see it. What the framework draws as controls, bars and dialogs are boxes
 * without role, name or focus; here they get them as they appear, and keys do what a tap does.
 */

/** What is drawn by the framework: where, its role, its name. What a template of ours says goes before. */
const drawn = (): [selector: string, role: string, name?: string][] => [
  ["uni-button, .uni-modal__btn, .uni-actionsheet__cell, .uni-actionsheet__action, .uni-picker-action, .uni-picker-select .uni-picker-item", "button"],
  ["uni-picker", "button"],
  [".uni-page-head-hd .uni-page-head-btn", "button", "返回"],
  [".uni-tabbar__item", "link"],
  ["uni-tabbar", "navigation", "底部导航"],
  ["uni-page-head", "banner"],
  [".uni-page-head__title, .heading", "heading"],
  ["uni-page-wrapper", "main"],
  ["uni-toast", "status"],
  [".uni-modal, .uni-actionsheet, .uni-picker-container", "dialog", "请选择"],
  ["uni-picker-view-column", "spinbutton"],
];
const WHEEL = "uni-picker-view-column";
const TURNS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5 };
const TURN = 11; // the framework's wheel takes more than 10 pixels of a mouse's for one step
const FADING = 50; // ms, before a dialog is looked at again
const TURNING = 400; // ms, until a wheel stands still
const CONTROL = "[role=button], [role=link], [role=radio], [role=checkbox], [role=switch], [role=tab], [role=slider]";
const FOCUSED = `[tabindex="0"], input, textarea, select, a[href]`;

const all = (within: ParentNode, selector: string): HTMLElement[] => [...within.querySelectorAll<HTMLElement>(selector)];
const isShown = (one: HTMLElement): boolean => one.isConnected && one.getClientRects().length > 0 && getComputedStyle(one).visibility !== "hidden";

function give(one: Element, name: string, value: string): void {
  if (!one.hasAttribute(name)) one.setAttribute(name, value);
}

/** Only what changes is written: each change is looked at again. */
function say(one: Element, name: string, value: string): void {
  if (one.getAttribute(name) !== value) one.setAttribute(name, value);
}

/** A name that stands on a box belongs to the field in it; without one, the field is called what its empty place says. */
function nameField(box: HTMLElement): void {
  const field = box.querySelector("input, textarea");
  const name = box.getAttribute("aria-label") ?? (field?.hasAttribute("aria-label") ? null : box.querySelector("[class*=-placeholder]")?.textContent);
  if (!field || !name) return;
  field.setAttribute("aria-label", name);
  box.removeAttribute("aria-label");
}

function namePicture(picture: HTMLElement): void {
  const name = picture.closest("uni-image")?.getAttribute("alt") ?? "";
  say(picture, "alt", name);
}

/** Which of its lines stands in the middle. */
function sayWheel(wheel: HTMLElement): void {
  const middle = (one: Element): number => {
    const { top, height } = one.getBoundingClientRect();
    return top + height / 2;
  };
  const off = (line: Element): number => Math.abs(middle(line) - middle(wheel));
  const lines = all(wheel, ".uni-picker-item");
  const chosen = lines.length ? lines.reduce((best, line) => (off(line) < off(best) ? line : best)) : null;
  const which = [...(wheel.parentElement?.children ?? [])].indexOf(wheel) + 1;
  say(wheel, "aria-label", `第 ${which} 列，上下键选`);
  say(wheel, "aria-valuetext", chosen?.textContent ?? "");
  say(wheel, "aria-valuenow", `${chosen ? lines.indexOf(chosen) : 0}`);
}

function turn(wheel: HTMLElement, steps: number): void {
  const group = wheel.querySelector(".uni-picker-view-group");
  for (let left = Math.abs(steps); left; left -= 1) group?.dispatchEvent(new WheelEvent("wheel", { deltaY: Math.sign(steps) * TURN, cancelable: true }));
  setTimeout(() => sayWheel(wheel), TURNING);
}

function furnish(): void {
  for (const [selector, role, name] of drawn()) {
    for (const one of all(document, selector)) {
      give(one, "role", role);
      if (name) give(one, "aria-label", name);
      if (role === "heading") give(one, "aria-level", one.matches(".heading") ? "2" : "1");
    }
  }
  for (const one of all(document, `${CONTROL}, ${WHEEL}`)) give(one, "tabindex", "0");
  all(document, "uni-input, uni-textarea").forEach(nameField);
  all(document, "img").forEach(namePicture);
  for (const box of all(document, "uni-image[role]")) give(box, "aria-label", box.getAttribute("alt") ?? ""); // while its picture is on its way
  all(document, WHEEL).forEach(sayWheel);
  for (const box of all(document, ".uni-modal")) {
    give(box, "aria-modal", "true");
    say(box, "aria-label", box.querySelector(".uni-modal__title, .uni-modal__bd")?.textContent || "请选择");
  }
}

let dialog: HTMLElement | null = null;
let before: HTMLElement | null = null; // what had the focus before the dialog
const last = new WeakMap<Element, HTMLElement>(); // by page, for whoever comes back to it

/** Where the focus goes when what had it is gone: into a dialog, back out of it, to where one was on a page, to the title of a new one. */
function settleFocus(): void {
  const open = all(document, "[role=dialog]").filter(isShown).at(-1) ?? null;
  const had = document.activeElement as HTMLElement | null;
  if (open !== dialog) {
    if (open && !dialog) before = had;
    if (open && !all(open, FOCUSED).some(isShown)) return void setTimeout(settleFocus, FADING); // the wheels come up hidden
    dialog = open;
    const stops = open ? all(open, FOCUSED).filter(isShown) : [];
    const next = open ? (stops.find((one) => one.matches(WHEEL)) ?? stops[0]) : before;
    if (next && isShown(next)) return next.focus({ preventScroll: true });
  }
  if (had && had !== document.body && isShown(had)) return;
  const page = all(document, "uni-page").filter(isShown).at(-1);
  const title = page?.querySelector<HTMLElement>(".uni-page-head__title");
  const back = page && last.get(page);
  const next = back && isShown(back) ? back : title;
  if (!next) return;
  give(next, "tabindex", "-1");
  next.focus({ preventScroll: true });
}

/** Within a dialog, Tab goes round. */
function goRound(event: KeyboardEvent): void {
  if (!dialog) return;
  const stops = all(dialog, FOCUSED).filter(isShown);
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const next = stops.at(event.shiftKey ? (at < 0 ? -1 : at - 1) : (at + 1) % stops.length);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function press(event: KeyboardEvent): void {
  const on = event.target as HTMLElement;
  if (event.key === "Tab") return goRound(event);
  const steps = TURNS[event.key];
  if (steps && on.matches?.(WHEEL)) {
    event.preventDefault();
    return turn(on, steps);
  }
  if (!["Enter", " "].includes(event.key) || !on.matches?.(CONTROL) || /^(a|button|input|select)$/.test(on.localName)) return;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) on.click();
}

/** The framework's dialog takes any Enter that comes up for 确定: that which opened it, and that on 取消. */
function keepFromDialog(event: KeyboardEvent): void {
  if (event.key === "Enter" && (event.target as HTMLElement).matches?.(CONTROL)) event.stopPropagation();
}

/** Begin, and keep up with what appears. */
export function reach(): void {
  let isWaiting = false;
  const look = (): void => {
    furnish(); // at once: nothing is shown that has no name
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      settleFocus();
    });
  };
  new MutationObserver(look).observe(document.body, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["style", "class", "aria-label", "alt"],
  });
  window.addEventListener("keydown", press, true);
  window.addEventListener("keyup", keepFromDialog, true);
  document.addEventListener("focusin", ({ target }) => {
    const page = (target as HTMLElement).closest("uni-page");
    if (page) last.set(page, target as HTMLElement);
  });
  look();
}
