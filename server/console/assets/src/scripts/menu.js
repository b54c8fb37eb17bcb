// The navigation behind a button on phones.
export function installMenu() {
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
