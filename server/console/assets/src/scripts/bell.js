// The bell: a link to the page of messages, which shows the latest of them in a panel. Esc or a click elsewhere closes it;
// a click with Ctrl or the middle button opens the page, as with every link.
export function installBell() {
  const panel = document.getElementById("bell-panel");
  const bells = [...document.querySelectorAll("[data-bell]")];
  if (!panel || !bells.length) return;
  let opener = null;

  const close = () => {
    if (panel.hidden) return false;
    panel.hidden = true;
    bells.forEach((bell) => bell.setAttribute("aria-expanded", "false"));
    return true;
  };

  const open = async (bell) => {
    let answer;
    try {
      answer = await fetch(`${bell.pathname}/latest`, { headers: { Accept: "text/html" } });
    } catch {
      answer = null;
    }
    if (!answer?.ok || answer.redirected) {
      window.location.assign(bell.href);
      return;
    }
    panel.innerHTML = await answer.text();
    panel.hidden = false;
    opener = bell;
    bell.setAttribute("aria-expanded", "true");
    (panel.querySelector("a") ?? panel).focus();
  };

  bells.forEach((bell) => {
    bell.setAttribute("role", "button");
    bell.setAttribute("aria-controls", panel.id);
    bell.setAttribute("aria-expanded", "false");
    bell.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      if (!close()) open(bell);
    });
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#bell-panel, [data-bell]")) close();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && close()) {
        event.stopPropagation();
        opener?.focus();
      }
    },
    true,
  );
}
