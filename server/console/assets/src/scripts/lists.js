// Lists that are walked like a mail program's: j and k (or the arrows) move, Enter opens, x picks, * picks the whole page,
// a click with Shift picks a range. Each row has one link marked data-open; the focus is on it, so that screen readers and
// the Tab key agree with what is seen.
import { describeKeys, isTyping } from "./keys.js";

export function installLists() {
  const list = document.querySelector("[data-list]");
  if (!list) return;
  describeKeys(["j", "k"], "下一条、上一条");
  describeKeys(["Enter"], "打开所选");
  const picks = [...list.querySelectorAll("input[name=picked]")];
  if (picks.length) {
    installPicks(list, picks);
    describeKeys(["x"], "选中、取消所在的一条");
    if (!list.querySelector("[data-pick-all]")) describeKeys(["*"], "选中、取消这一页全部");
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const box = event.key === "x" && document.activeElement?.closest("[data-row]")?.querySelector("input[name=picked]");
    if (box) {
      event.preventDefault();
      box.click();
    }
    if (event.key === "*" && picks.length && !list.querySelector("[data-pick-all]")) {
      event.preventDefault();
      const isWhole = picks.every((pick) => pick.checked);
      picks.forEach((pick) => (pick.checked = !isWhole));
    }
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && move(list, step)) event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    // The whole row is the target; a real link or button inside keeps its own meaning.
    const row = event.target.closest("[data-row]");
    if (!row || event.target.closest("a, button, input, select, textarea, label, details") || getSelection().toString()) return;
    row.querySelector("[data-open]")?.click();
  });
}

function installPicks(list, picks) {
  let last = null;
  list.addEventListener("click", (event) => {
    const here = picks.indexOf(event.target);
    if (here === -1) return;
    if (event.shiftKey && last !== null) {
      picks.slice(Math.min(here, last), Math.max(here, last) + 1).forEach((pick) => (pick.checked = event.target.checked));
    }
    last = here;
  });
}

function move(list, step) {
  const links = [...list.querySelectorAll("[data-open]")];
  if (!links.length) return false;
  const here = links.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
  const next = here === -1 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus({ preventScroll: true });
  links[next].closest("[data-row]").scrollIntoView({ block: "nearest" });
  return true;
}
