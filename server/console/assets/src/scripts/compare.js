// Before and after in one frame: a range input moves the seam, so the arrow keys and a finger both work.
// Without this script the two pictures simply stand side by side.
export function installCompare() {
  const frame = document.querySelector("[data-compare]");
  const range = frame?.querySelector("[data-compare-range]");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-compare-pick]");
    if (button && frame) pick(frame, button);
  });
  if (!range || frame.querySelectorAll("[data-compare-image]").length < 2) return; // one is not ready to be seen
  const move = () => frame.style.setProperty("--seam", `${range.value}%`);
  range.addEventListener("input", move);
  document.querySelector("[data-compare-modes]").hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-compare-mode]");
    if (button) setMode(frame, range, button.dataset.compareMode);
  });
  setMode(frame, range, "over");
  move();
}

function setMode(frame, range, mode) {
  frame.classList.toggle("compare-over", mode === "over");
  range.hidden = mode !== "over";
  document.querySelectorAll("[data-compare-mode]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.compareMode === mode));
  });
}

function pick(frame, button) {
  const side = button.dataset.comparePick;
  const image = frame.querySelector(`[data-compare-image="${side}"]`);
  if (!image || !button.dataset.display) return;
  image.src = button.dataset.display;
  image.alt = button.dataset.label;
  document.querySelectorAll(`[data-compare-pick="${side}"]`).forEach((other) => other.removeAttribute("aria-current"));
  button.setAttribute("aria-current", "true");
}
