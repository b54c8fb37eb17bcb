// Forms: entered when unfolded, sent once, sent when a marked field changes, and a warning before written words are lost.
export function installForms() {
  document.addEventListener("submit", sendOnce);
  let followed = null; // the form whose field was changed last
  document.addEventListener("change", (event) => {
    if (!event.target.closest("[data-send-on-change]")) return;
    followed = event.target.form;
    followed?.requestSubmit();
  });
  document.addEventListener("formdata", leaveOutEmpty);
  document.addEventListener("change", insertTemplate);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form && !event.target.closest("[data-files]")) form.dataset.dirty = "yes";
  });
  document.addEventListener("toggle", enterUnfolded, true);
  window.addEventListener("beforeunload", (event) => {
    if (!document.querySelector("form[data-dirty]")) return;
    event.preventDefault();
    setTimeout(() => followed?.reset()); // runs if one stays: the fields then say again what the page is about
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(ready);
  });
}

// Who unfolds a form is going to fill it in.
function enterUnfolded({ target }) {
  if (!target.open || !target.contains(document.activeElement)) return;
  target.querySelector("form :is(input:not([type=hidden]), textarea, select)")?.focus({ preventScroll: true });
}

function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented) return;
  delete form.dataset.dirty;
  if (form.method === "get") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  // A slow answer must not leave a dead button, and a file no page on which the next one cannot be asked for.
  setTimeout(() => ready(form), "downloads" in form.dataset ? 1_000 : 10_000);
}

function ready(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

// A filter's address names only what is set, so that it can be read and shared.
function leaveOutEmpty(event) {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData.entries()]) {
    if (value === "") event.formData.delete(name);
  }
}

// <select data-insert-into="id">: the chosen option's data-text is put where the cursor is.
function insertTemplate(event) {
  const select = event.target.closest("select[data-insert-into]");
  const text = select?.selectedOptions[0]?.dataset.text;
  if (!text) return;
  const area = document.getElementById(select.dataset.insertInto);
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  select.selectedIndex = 0;
  area.focus();
}
