// <dialog> by attributes: data-dialog="id" opens, data-close closes, data-confirm asks before a form is sent.
export function installDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      open(document.getElementById(opener.dataset.dialog));
    } else if (event.target.closest("[data-close]")) {
      event.target.closest("dialog")?.close();
    } else if (event.target instanceof HTMLDialogElement && isOutside(event.target, event)) {
      event.target.close();
    }
  });
  document.addEventListener("submit", askFirst, true);
}

/** Open a dialog with the focus on what it marks with autofocus, else on its first field. */
export function open(dialog) {
  if (!dialog || dialog.open) return;
  showModal(dialog);
  const first = dialog.querySelector("[autofocus]") ?? dialog.querySelector("textarea, select, input:not([type=hidden])");
  first?.focus();
}

/** What lies outside of a modal dialog is behind it and out of reach: messages go along into it while it is open. */
export function showModal(dialog) {
  const toasts = document.getElementById("toasts");
  const home = toasts?.parentElement;
  dialog.showModal();
  if (!toasts || home.tagName === "DIALOG") return;
  dialog.append(toasts);
  dialog.addEventListener("close", () => home.append(toasts), { once: true });
}

/** Whether it is a click beside a dialog. The second one of a double click is none: the first has opened the dialog. */
function isOutside(dialog, event) {
  if (event.detail > 1) return false;
  const box = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return (x || y) && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}

function askFirst(event) {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (!question || event.target.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const dialog = document.getElementById("confirm");
  dialog.querySelector("[data-question]").textContent = question;
  const yes = dialog.querySelector("[data-yes]");
  yes.textContent = event.submitter?.textContent.trim() || "继续";
  yes.onclick = () => {
    dialog.close();
    event.target.dataset.confirmed = "yes";
    event.target.requestSubmit(event.submitter ?? undefined);
    delete event.target.dataset.confirmed;
  };
  showModal(dialog);
  yes.focus();
}
