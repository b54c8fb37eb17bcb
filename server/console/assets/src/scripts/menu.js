// The navigation: behind a button on phones; its groups stay as somebody unfolded them, from page to page.
const UNFOLDED = "unfolded-groups";

export function installMenu() {
  keepUnfolded();
  const button = document.querySelector("[data-menu-button]");
  const side = document.getElementById("side");
  if (!button || !side) return;

  const set = (open) => {
    side.classList.toggle("is-open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
      set(false);
      button.focus();
    }
  });
}

function keepUnfolded() {
  const groups = [...document.querySelectorAll(".side-group")];
  const known = new Set(JSON.parse(sessionStorage.getItem(UNFOLDED) ?? "[]"));
  const nameOf = (group) => group.querySelector("summary span").textContent;
  for (const group of groups) {
    if (known.has(nameOf(group))) group.open = true;
    group.querySelector("summary").addEventListener("click", () => {
      if (group.open) known.delete(nameOf(group)); // it folds after this
      else known.add(nameOf(group));
      sessionStorage.setItem(UNFOLDED, JSON.stringify([...known]));
    });
  }
}
