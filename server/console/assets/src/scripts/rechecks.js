// Several rechecked side by side: 1, 2 and 0 conclude on the one that one stands on (at first: the first) and go on to
// the next, Ctrl+Enter sends. Without this script the boxes do the same.
import { describeKeys, isTyping } from "./keys.js";

export function installRechecks() {
  const form = document.querySelector("form[data-rechecks]");
  if (!form) return;
  describeKeys(["1"], "通过，销号");
  describeKeys(["2"], "退回，写原因");
  describeKeys(["0"], "先不处理");
  describeKeys(["Ctrl + Enter"], "提交结论");
  const count = () => {
    const drawn = form.querySelectorAll("[data-conclude]:checked:not([value=''])").length;
    form.querySelector("[data-rechecks-count]").textContent = drawn ? `${drawn} 条` : "";
  };
  form.addEventListener("change", count);
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) conclude(event);
  });
  count();
}

function conclude(event) {
  const row = document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row]");
  const choice = row?.querySelector(`[data-conclude="${event.key}"]:not(:disabled)`);
  if (!choice) return;
  event.preventDefault();
  choice.click();
  if (event.key === "2") row.querySelector("textarea").focus();
  else next(row);
}

function next(row) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const following = rows[rows.indexOf(row) + 1];
  following?.querySelector("[data-open]").focus({ preventScroll: true });
  following?.scrollIntoView({ block: "nearest" });
}
