// After-photos: declared with their hashes under an id made here, then sent one by one with progress.
// Sent again after a broken line, the id makes sure that nothing happens twice.
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import { v7 as uuid7 } from "uuid";
import { again, request } from "./sending.js";

const MOST = 9;

export function installEvidence() {
  document.querySelectorAll("form[data-evidence]").forEach((form) => new Evidence(form));
}

class Evidence {
  constructor(form) {
    this.form = form;
    this.files = form.querySelector('input[type="file"]');
    this.list = form.querySelector("[data-evidence-files]");
    this.status = form.querySelector("[data-evidence-status]");
    this.button = form.querySelector('button[type="submit"]');
    this.forget();
    this.files.addEventListener("change", () => this.show());
    form.addEventListener("input", () => this.forget());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  /** What is sent is not what was sent: a new id. */
  forget() {
    this.id = null;
  }

  show() {
    this.list.replaceChildren(...[...this.files.files].map((file) => line(file)));
    this.say(this.files.files.length > MOST ? `一次最多 ${MOST} 张，请少选几张。` : "");
  }

  say(words, isError = false) {
    this.status.textContent = words;
    this.status.classList.toggle("field-error", isError);
  }

  async send() {
    const files = [...this.files.files];
    if (files.length > MOST || this.busy) return;
    this.setBusy(true);
    try {
      this.id ??= uuid7();
      this.say("正在核对照片…");
      const hashes = [];
      for (const file of files) hashes.push(bytesToHex(sha256(new Uint8Array(await file.arrayBuffer()))));
      const declared = await this.declare(files, hashes);
      for (const [index, file] of files.entries()) {
        if (declared.received[index]) continue;
        this.say(`正在上传第 ${index + 1}/${files.length} 张…`);
        await this.upload(file, declared.positions[index], this.list.children[index]);
      }
      delete this.form.dataset.dirty;
      this.say("都传完了，正在刷新页面…");
      location.assign(location.pathname + location.search);
    } catch (error) {
      this.say(error.message || "没有传完，已传的会保留。请检查网络后再点一次。", true);
      if (error.code === "stale") await this.catchUp(error.message);
      this.setBusy(false);
    }
  }

  /** Somebody was faster: show what is new around the form, and let the same words and photos be sent once it was seen. */
  async catchUp(words) {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-fresh]").forEach((place) => {
      const now = fresh.querySelector(`[data-fresh="${place.dataset.fresh}"]`);
      if (now) place.replaceWith(now);
    });
    const form = fresh.querySelector("form[data-evidence]");
    this.forget();
    if (form) this.form.dataset.version = form.dataset.version;
    const rest = form ? "选好的照片和写的话都还在，看过以后再点一次就能提交。" : "现在不用再提交整改结果，照片没有发出。";
    this.say(`${words}${rest}`, true);
  }

  setBusy(is) {
    this.busy = is;
    this.button.disabled = is;
    this.button.toggleAttribute("aria-busy", is);
  }

  async declare(files, hashes) {
    const body = {
      version: Number(this.form.dataset.version),
      text: this.form.elements.text.value.trim(),
      photos: files.map((file, index) => ({ sha256: hashes[index], size: file.size })),
    };
    const address = `${this.form.dataset.evidence}/${this.id}`;
    const answer = JSON.parse(await again(() => request("POST", address, this.token(), JSON.stringify(body))));
    this.list.querySelectorAll("progress").forEach((bar, index) => {
      if (answer.received[index]) bar.value = 1;
    });
    return answer;
  }

  async upload(file, position, row) {
    const bar = row?.querySelector("progress");
    const form = new FormData();
    form.append("position", String(position));
    form.append("file", file, "photo");
    const address = `${this.form.dataset.evidence}/${this.id}/photos`;
    await again(() => request("POST", address, this.token(), form, (part) => bar && (bar.value = part)));
    if (bar) bar.value = 1;
  }

  token() {
    return this.form.elements.csrf_token.value;
  }
}

function line(file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${file.name} 的上传进度`);
  row.append(name, bar);
  return row;
}
