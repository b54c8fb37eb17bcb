// What the server says to a script: JSON, whether it did as it was asked or refused.
const NOT_OURS = "没有成功，请刷新页面后再试。"; // a page of something in between

/** Send a form for its answer rather than for a page. Rejects with Refused if the server says no; `signal` takes it back. */
export async function post(address, body, signal = undefined) {
  const answer = await fetch(address, { method: "POST", body, signal, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Refused(wordsOf(await answer.text()));
}

/** Ask for something. Rejects with Refused if the server says no. */
export async function get(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Refused(wordsOf(await answer.text()));
  return answer.json();
}

export class Refused extends Error {}

/** The words of a refusal, with those on single fields that the message does not say itself. */
export function wordsOf(json) {
  try {
    const { message, fields } = JSON.parse(json).error;
    const details = [...new Set(Object.values(fields ?? {}))].filter((detail) => !message.includes(detail));
    return [message, ...details].join(" ");
  } catch {
    return NOT_OURS;
  }
}

/** The stable name of a refusal; none for a page of something in between. */
export function codeOf(json) {
  try {
    return JSON.parse(json).error.code;
  } catch {
    return "";
  }
}
