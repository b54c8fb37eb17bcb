/**
 * The built mini program against the real server: a report made without signal outlives the app and sends itself.
 * And a draft that was begun in the official account's chat is finished in it: SUISHOUPAI_TEST_LINK is its `<id>.<key>`.
 * And a reply to a notice that was returned is corrected in it: SUISHOUPAI_TEST_LINK is the task's id.
 * SUISHOUPAI_TEST_URL: the running service with demo sign-in; SUISHOUPAI_TEST_PHOTO: a JPEG for the camera to give.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const { SUISHOUPAI_TEST_URL: server, SUISHOUPAI_TEST_PHOTO: photo, SUISHOUPAI_TEST_LINK: link } = process.env;

/** One life of the app in a process of its own, so that killing it is real. */
function live(name, folder) {
  const script = fileURLToPath(new URL(`lives/${name}.mjs`, import.meta.url));
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, [script, folder, server, photo, link], { encoding: "utf8", timeout: 90_000 });
  return { ended: signal ?? status, said: `${stdout}\n${stderr}` };
}

test("a report made without signal survives the killed app and is sent when the signal returns", (t) => {
  assert.ok(server && photo, "SUISHOUPAI_TEST_URL and SUISHOUPAI_TEST_PHOTO must be set; tests/e2e/test_mini_program.py does it");
  const folder = mkdtempSync(join(tmpdir(), "phone-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const before = live("without-signal", folder);
  assert.equal(before.ended, "SIGKILL", before.said);
  const after = live("signal-returns", folder);
  assert.equal(after.ended, 0, after.said);
});

test("a draft from the chat is opened with its photo, finished and sent", (t) => {
  assert.ok(link, "SUISHOUPAI_TEST_LINK must be set; tests/e2e/test_mini_program.py does it");
  const folder = mkdtempSync(join(tmpdir(), "phone-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { ended, said } = live("chat-draft", folder);
  assert.equal(ended, 0, said);
});

test("a returned reply to a notice that was passed on is corrected beside its paper", (t) => {
  assert.ok(link, "SUISHOUPAI_TEST_LINK must be set; tests/e2e/test_mini_program.py does it");
  const folder = mkdtempSync(join(tmpdir(), "phone-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { ended, said } = live("returned-reply", folder);
  assert.equal(ended, 0, said);
});

for (const [what, lives] of Object.entries({
  "a refused camera is said and allowed, several photos are taken in a row": ["camera"],
  "a large picture goes out as a copy, a word is spoken": ["shrink"],
  "English is chosen, and spoken when the app is opened again": ["english", "english"],
})) {
  test(`on a phone of its own: ${what}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "phone-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of lives) {
      const { ended, said } = live(name, folder);
      assert.equal(ended, 0, said);
    }
  });
}
