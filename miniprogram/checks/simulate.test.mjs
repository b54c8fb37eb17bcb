/**
 * The built mini program against the real server: a report made without signal outlives the app and sends itself.
 * SUISHOUPAI_TEST_URL: the running service with demo sign-in; SUISHOUPAI_TEST_PHOTO: a JPEG for the camera to give.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const { SUISHOUPAI_TEST_URL: server, SUISHOUPAI_TEST_PHOTO: photo } = process.env;

/** One life of the app in a process of its own, so that killing it is real. */
function live(name, folder) {
  const script = fileURLToPath(new URL(`lives/${name}.mjs`, import.meta.url));
  const { signal, status, stdout, stderr } = spawnSync(process.execPath, [script, folder, server, photo], { encoding: "utf8", timeout: 90_000 });
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
