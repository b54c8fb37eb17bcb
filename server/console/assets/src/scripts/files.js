// Files of a row: each is sent when it is chosen, under an id made here, and its line comes back from the server.
import { v7 as uuid7 } from "uuid";
import { again, request } from "./sending.js";

let sending = 0;

/** Listens for all of them at once, also for those that come with a part of the page later. */
export function installFiles() {
  document.addEventListener("change", (event) => {
    const field = event.target.matches?.('input[type="file"]') && event.target.closest("[data-files]");
    if (field) take(field, event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-remove-file]");
    if (button) remove(button);
  });
  window.addEventListener("beforeunload", (event) => {
    if (sending) event.preventDefault();
  });
}

async function take(field, input) {
  const files = [...input.files];
  input.value = ""; // the same file may be chosen again
  const list = field.querySelector("[data-files-list]");
  const left = Number(field.dataset.most) - list.querySelectorAll("[data-file]").length;
  say(field, files.length > left ? `最多 ${field.dataset.most} 个，还能加 ${Math.max(left, 0)} 个，多的没有传。` : "", files.length > left);
  for (const file of files.slice(0, Math.max(left, 0))) await send(field, list, file);
}

async function send(field, list, file) {
  const line = lineOf(file);
  list.append(line);
  const bar = line.querySelector("progress");
  const address = `/console/files/${uuid7()}?${field.dataset.files}&name=${encodeURIComponent(file.name)}`;
  sending += 1;
  try {
    if (file.size > Number(field.dataset.maxBytes)) throw new Error("文件太大，没有传。");
    if (!file.size) throw new Error("这个文件是空的，没有传。");
    const body = file.slice(0, file.size, "application/octet-stream");
    const html = await again(() => request("POST", address, field.dataset.token, body, (part) => (bar.value = part)));
    line.insertAdjacentHTML("afterend", html);
    preview(line.nextElementSibling, file);
    line.remove();
    say(field, `已传好：${file.name}`);
  } catch (error) {
    fail(line, error.message || "没有传完，请检查网络后再选一次。");
  } finally {
    sending -= 1;
  }
}

/** The server makes small pictures a little later. */
function preview(line, file) {
  const place = line.querySelector(".file-picture");
  if (!file.type.startsWith("image/") || place.querySelector("img")) return;
  const picture = new Image();
  picture.alt = "";
  picture.addEventListener("load", () => {
    place.replaceChildren(picture);
    URL.revokeObjectURL(picture.src);
  });
  picture.src = URL.createObjectURL(file);
}

async function remove(button) {
  const line = button.closest("li");
  const field = button.closest("[data-files]");
  if (!line.dataset.file) {
    line.remove(); // it was never kept
    return;
  }
  const words = button.querySelector("[data-words]");
  if (!button.dataset.sure) {
    button.dataset.sure = "1";
    words.textContent = "确定去掉？";
    button.setAttribute("aria-label", `确定${button.getAttribute("aria-label")}？`);
    button.addEventListener("blur", () => calm(button), { once: true });
    return;
  }
  button.disabled = true;
  try {
    await request("POST", `/console/files/${line.dataset.file}/removal`, field.dataset.token, new FormData());
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    say(field, "已去掉。");
    (next?.querySelector("[data-remove-file]") ?? field.querySelector('input[type="file"]')).focus();
  } catch (error) {
    button.disabled = false;
    calm(button);
    say(field, error.message, true);
  }
}

function calm(button) {
  delete button.dataset.sure;
  button.querySelector("[data-words]").textContent = "去掉";
  button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^确定|？$/g, ""));
}

function lineOf(file) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  name.className = "file-name";
  name.textContent = file.name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${file.name} 的上传进度`);
  name.append(bar);
  line.append(document.createElement("span"), name);
  return line;
}

function fail(line, words) {
  const told = document.createElement("small");
  told.className = "field-error";
  told.setAttribute("role", "alert");
  told.textContent = words;
  line.querySelector("progress").replaceWith(told);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-sm";
  close.dataset.removeFile = "";
  close.textContent = "知道了";
  line.append(close);
}

function say(field, words, isError = false) {
  const status = field.querySelector("[data-files-status]");
  status.textContent = words;
  status.classList.toggle("field-error", isError);
}
