// Sending what may be large: with progress, and again when the line broke.
import { codeOf, wordsOf } from "./answers.js";

const TRIES = 3;

/** Try again when the line broke; an answer, even a refusal, is final. */
export async function again(act) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await act();
    } catch (error) {
      if (error.answered || left <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * (TRIES - left + 1)));
    }
  }
}

/** The text of the answer; `body` is JSON as text, a form, or a file as it is. Rejects with what the server said. */
export function request(method, address, token, body, onProgress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(method, address);
    call.setRequestHeader("X-CSRFToken", token);
    call.setRequestHeader("Accept", "application/json");
    if (typeof body === "string") call.setRequestHeader("Content-Type", "application/json");
    if (onProgress) call.upload.addEventListener("progress", (event) => onProgress(event.loaded / event.total));
    call.addEventListener("load", () => (call.status < 400 ? resolve(call.responseText) : reject(refusal(call))));
    call.addEventListener("error", () => reject(new Error("没有连上服务器，已传的会保留。请检查网络后再点一次。")));
    call.send(body);
  });
}

function refusal(call) {
  return Object.assign(new Error(wordsOf(call.responseText)), {
    answered: call.status < 500,
    code: codeOf(call.responseText),
  });
}
