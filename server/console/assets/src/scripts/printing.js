// What a style sheet cannot do for paper: open what is folded, make fields as high as their words, leave out what
// nobody filled in. Undone when the printing is over.
export function installPrinting() {
  let undo = [];
  window.addEventListener("beforeprint", () => {
    finish(undo);
    undo = [...openDetails(), ...growFields(), ...hideBlanks()];
  });
  window.addEventListener("afterprint", () => {
    finish(undo);
    undo = [];
  });
}

function finish(undo) {
  undo.forEach((step) => step());
}

function openDetails() {
  return [...document.querySelectorAll("main details:not([open])")].map((details) => {
    details.open = true;
    return () => (details.open = false);
  });
}

function growFields() {
  return [...document.querySelectorAll("main textarea")].map((field) => {
    const before = field.style.height;
    field.style.height = `${field.scrollHeight}px`;
    return () => (field.style.height = before);
  });
}

// A form, or a field of one, in which nothing is filled in; and the card that holds nothing else.
function hideBlanks() {
  const blank = [...document.querySelectorAll("main form, main .field")].filter(isUnfilled);
  const cards = blank.filter((each) => each.matches(".card-body > :only-child")).map((each) => each.closest(".card"));
  return [...blank, ...cards.filter(Boolean)].map((each) => {
    each.classList.add("not-on-paper");
    return () => each.classList.remove("not-on-paper");
  });
}

function isUnfilled(element) {
  const controls = [...element.querySelectorAll("input, select, textarea")];
  return controls.every(isBlank) && (controls.length > 0 || element.tagName === "FORM");
}

// Choices nobody made, and what is never shown.
function isBlank(field) {
  if (["hidden", "submit", "button", "reset", "file"].includes(field.type)) return true;
  if (["checkbox", "radio"].includes(field.type)) return !field.checked;
  return field.value.trim() === "";
}
