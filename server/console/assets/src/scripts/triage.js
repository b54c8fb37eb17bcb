// Deciding many at once. In the list: x chooses the row one stands on, shift-click a range, * the whole page. The bar
// appears with the first one chosen, and with the whole page offers all that the list holds. A batch is sent piece by piece under one id, so that one sees how far it is and a
// piece sent twice changes nothing.
import { get, post, Refused } from "./answers.js";
import { showModal } from "./dialogs.js";
import { describeKeys, isTyping } from "./keys.js";
import { say } from "./toasts.js";

const PIECE = 20; // submissions per request: about a second on a small machine

export function installTriage() {
  expire();
  const bar = document.querySelector("[data-triage]");
  if (!bar) return;
  const picks = [...document.querySelectorAll("[data-pick]")];
  const all = document.querySelector("[data-pick-all]");
  const whole = bar.querySelector("[data-triage-whole]");
  let last = null;
  let beyond = null; // everything the list holds, once it was asked for
  describeKeys(["x"], "选中、取消所在的一条");

  const refresh = () => {
    const here = picks.filter((pick) => pick.checked).length;
    if (here < picks.length) beyond = null;
    const count = beyond?.length ?? here;
    if (whole) whole.hidden = here < picks.length || beyond !== null;
    bar.hidden = count === 0;
    document.body.classList.toggle("with-triage", count > 0);
    bar.querySelector("[data-triage-count]").textContent = count ? `已选 ${count} 条` : "";
    document.querySelectorAll("[data-triage-number]").forEach((place) => (place.textContent = String(count)));
    all.checked = here === picks.length;
    all.indeterminate = here > 0 && here < picks.length;
    if (!count) document.querySelectorAll(".panel").forEach((panel) => (panel.hidden = true));
  };
  const pickAll = (checked) => {
    picks.forEach((pick) => (pick.checked = checked));
    refresh();
  };

  all.addEventListener("change", () => pickAll(all.checked));
  bar.querySelector("[data-triage-clear]").addEventListener("click", () => pickAll(false));
  whole?.addEventListener("click", async () => {
    beyond = await readWhole(whole);
    refresh();
  });
  document.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-pick]");
    if (!pick) return;
    if (event.shiftKey && last) range(picks, last, pick);
    last = pick;
    refresh();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key !== "x" || document.querySelector("dialog[open]")) return;
    const pick = document.activeElement?.closest("[data-row]")?.querySelector("[data-pick]");
    if (!pick) return;
    event.preventDefault();
    pick.checked = !pick.checked;
    last = pick;
    refresh();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-triage-form]")) return;
    event.preventDefault();
    send(bar, event.target, beyond ?? picks.filter((pick) => pick.checked).map((pick) => pick.value));
  });
  refresh(); // browsers keep ticks over a reload
}

// Everything the list holds, as far as it may be decided at once; null if it could not be asked for.
async function readWhole(whole) {
  try {
    const { items, more } = await get(whole.dataset.triageWhole);
    if (more) say(`一次最多处理 ${items.length} 条，已选中前 ${items.length} 条。`, "ok");
    return items;
  } catch (problem) {
    say(problem instanceof Refused ? problem.message : "没有连上服务器，请稍后再试。");
    return null;
  }
}

function range(picks, from, to) {
  const [start, end] = [picks.indexOf(from), picks.indexOf(to)].sort((one, other) => one - other);
  picks.slice(start, end + 1).forEach((pick) => (pick.checked = to.checked));
}

async function send(bar, form, chosen) {
  const most = Number(bar.dataset.most);
  const error = form.querySelector("[data-triage-error]");
  error.hidden = true;
  if (chosen.length > most) return refuse(error, `一次最多 ${most} 条。`);
  const progress = document.getElementById("triage-progress");
  if (chosen.length > PIECE) showModal(progress);
  try {
    for (let sent = 0; sent < chosen.length; sent += PIECE) {
      progress.querySelector("[data-triage-words]").textContent = `正在处理 ${sent} / ${chosen.length} 条，请不要关闭页面……`;
      progress.querySelector("progress").value = sent / chosen.length;
      const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
      chosen.slice(sent, sent + PIECE).forEach((item) => body.append("item", item));
      await post(bar.dataset.action, body);
    }
    delete form.dataset.dirty;
    location.assign(bar.dataset.done);
  } catch (problem) {
    progress.close?.();
    if (problem instanceof Refused) refuse(error, problem.message);
    else say("没有连上服务器。请检查网络后再提交一次，已经处理的不会重复。");
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
}

function refuse(place, words) {
  place.textContent = words;
  place.hidden = false;
}

// An offer that ends: the form goes when its time is over.
function expire() {
  document.querySelectorAll("[data-expires]").forEach((form) => {
    setTimeout(() => form.remove(), Number(form.dataset.expires) * 1000);
  });
}
