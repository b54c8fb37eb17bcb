// The panels above the decision bar: one per decision, one open at a time. They do not cover the photo, and the page
// behind them stays usable. Esc closes; Ctrl+Enter sends from anywhere inside.
//
// data-panel="id" on a button opens; data-set-grade also picks a grade, data-set-reply writes what a machine proposes
// behind what is there, and says whose words these are.
import { hold, installHolding, letGo } from "./holding.js";
import { describeKeys } from "./keys.js";

const UNCLAIMED = ["panel-note", "panel-disclose", "panel-reopen"]; // nothing that two could decide differently

export function installPanels() {
  const bar = document.querySelector("[data-bar]");
  if (!bar) return;
  describeKeys(["Ctrl + Enter"], "在决定框里提交");
  describeKeys(["Escape"], "关闭决定框");
  installHolding();
  let opener = null;

  const close = () => {
    const panel = document.querySelector(".panel:not([hidden])");
    if (!panel) return false;
    panel.hidden = true;
    bar.querySelectorAll("[aria-expanded]").forEach((button) => button.setAttribute("aria-expanded", "false"));
    opener?.focus({ preventScroll: true });
    return true;
  };

  bar.querySelector("[data-more]")?.addEventListener("click", (event) => {
    const more = bar.classList.toggle("is-more");
    event.currentTarget.setAttribute("aria-expanded", String(more));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel]");
    if (button) {
      close();
      opener = button;
      show(button);
    } else if (event.target.closest("[data-close-panel]") && close()) letGo();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]") && close()) letGo();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.target.closest(".panel")?.querySelector("form")?.requestSubmit();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[name=grade]")) explain(event.target);
    if (event.target.dataset.fill) document.getElementById(event.target.dataset.fill).value = event.target.value;
  });
  document.addEventListener("input", takeId);
  // What people will read comes a moment later and takes room from the fields: the one that is typed in stays in sight.
  document.body.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement?.closest(".panel")) document.activeElement.scrollIntoView({ block: "nearest" });
  });

  // A refused form comes back open; the focus goes to what is wrong with it.
  const refused = document.querySelector(".panel:not([hidden])");
  refused?.querySelectorAll("input[name=grade]:checked").forEach(explain);
  (refused?.querySelector(".field-error")?.parentElement.querySelector("textarea, input, select") ??
    refused?.querySelector("[data-first]"))?.focus({ preventScroll: true });
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
  if (button.dataset.setReply !== undefined) propose(panel, button.dataset.setReply);
  if (!UNCLAIMED.includes(button.dataset.panel)) hold(document.querySelector("[data-bar][data-claim]"));
  panel.querySelector("form").dispatchEvent(new Event("panelshown")); // htmx asks what people will read
  const first = ["[data-first]", "textarea, select, input:not([type=hidden])", "form [type=submit]"]
    .map((each) => panel.querySelector(each))
    .find(Boolean);
  first?.focus({ preventScroll: true });
}

function propose(panel, reply) {
  panel.querySelector("[data-proposed]").hidden = false;
  const area = panel.querySelector("textarea[name=reply]");
  if (!area.value.includes(reply)) area.value = [area.value.trim(), reply].filter(Boolean).join("\n");
  area.dispatchEvent(new Event("input", { bubbles: true })); // written, and not sent
}

// The address of another submission's page, pasted, becomes its id.
function takeId(event) {
  if (!event.target.matches("[data-take-id]")) return;
  const found = event.target.value.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i);
  if (found) event.target.value = found[0];
}

function explain(choice) {
  const words = choice.form.querySelector("[data-criteria-words]");
  if (words) words.textContent = choice.dataset.criteria ?? "";
  const days = choice.form.querySelector("[data-days-field]");
  if (days && choice.dataset.days) days.placeholder = `${choice.dataset.days}（按等级）`;
}
