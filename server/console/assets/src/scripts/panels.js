// The panels above the decision bar: one per decision, one open at a time. They do not cover the photo, and the page
// behind them stays usable. Esc closes; Ctrl+Enter sends from anywhere inside.
//
// data-panel="id" on a button opens; data-set-grade also picks a grade.
import { describeKeys } from "./keys.js";

export function installPanels() {
  const bar = document.querySelector("[data-bar]");
  if (!bar) return;
  describeKeys(["Ctrl + Enter"], "在决定框里提交");
  describeKeys(["Escape"], "关闭决定框");
  let opener = null;

  const close = () => {
    const panel = document.querySelector(".panel:not([hidden])");
    if (!panel) return false;
    panel.hidden = true;
    bar.querySelectorAll("[aria-expanded]").forEach((button) => button.setAttribute("aria-expanded", "false"));
    opener?.focus({ preventScroll: true });
    return true;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel]");
    if (button) {
      close();
      opener = button;
      show(button);
    } else if (event.target.closest("[data-close-panel]")) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest(".panel")?.querySelector("form")?.requestSubmit();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=grade]")) explain(event.target);
  });
}

function show(button) {
  const panel = document.getElementById(button.dataset.panel);
  panel.hidden = false;
  button.setAttribute("aria-expanded", "true");
  const grade = button.dataset.setGrade;
  if (grade) {
    const choice = panel.querySelector(`input[name=grade][value="${grade}"]`);
    choice.checked = true;
    explain(choice);
  }
  const first = panel.querySelector("[data-first]") ?? panel.querySelector("textarea, select, input:not([type=hidden])");
  first?.focus({ preventScroll: true });
}

function explain(choice) {
  const words = choice.form.querySelector("[data-criteria]");
  if (words) words.textContent = choice.dataset.criteria ?? "";
}
