// <form data-autosave="address">: what is typed is kept a moment after the last key, and before the form is sent. Without
// this script the form has a button that keeps it.
import { codeOf, wordsOf } from "./answers.js";

const PAUSE = 2000; // milliseconds after the last key
const AGAIN = 15_000; // after the server was not reached

let form = null;
let says = null;
let timer = 0;
let saving = null; // the save that is under way
let isDirty = false;
let isStopped = false; // a colleague was faster, or it is no longer ours to write

export function installAutosave() {
  const found = document.querySelector("form[data-autosave]");
  if (!(found instanceof HTMLFormElement)) return;
  form = found;
  says = form.querySelector("[data-autosave-says]");
  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  form.addEventListener("submit", sendAfterwards);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && isDirty && save());
}

function touch() {
  isDirty = true;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

// The form names the version that it began with: a save under way changes it, so sending waits for it.
function sendAfterwards(event) {
  clearTimeout(timer);
  if (!saving) {
    isStopped = true;
    setTimeout(() => (isStopped = false), AGAIN); // the page stays if it could not be sent
    return;
  }
  event.preventDefault();
  saving.finally(() => form.requestSubmit(event.submitter));
}

function save() {
  if (isStopped || saving) return;
  isDirty = false;
  saving = send().finally(() => {
    saving = null;
    if (isDirty && !isStopped) touch();
  });
}

async function send() {
  try {
    const body = new FormData(form);
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers, keepalive: true });
    if (answer.ok) kept(await answer.json());
    else refused(await answer.text());
  } catch {
    tell("没有连上网络，填的还在这一页，连上后会再保存。");
    timer = setTimeout(save, AGAIN);
  }
}

function kept({ version, errors }) {
  form.elements.version.value = version;
  const wrong = Object.keys(errors).length;
  if (!isDirty) delete form.dataset.dirty;
  const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
  tell(wrong ? `${time} 已保存，有 ${wrong} 处填得不对，没有存` : `${time} 已自动保存`);
}

function refused(json) {
  isStopped = true;
  form.dataset.dirty = "yes";
  tell(codeOf(json) === "stale" ? `${wordsOf(json)}点“保存，以后再交”对照。` : wordsOf(json));
  says?.classList.add("text-danger");
}

function tell(words) {
  if (says) says.textContent = words;
}
