/** The one unsent report on the phone, as both lives expect to find it. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { USER_DATA_PATH } from "../phone.mjs";

export const PROGRESS = "0/1 张已上传，等网络恢复后自动续传";

/** The stored draft, after making sure that it and its photo are whole. `photo`: the file the camera gave. */
export async function draftIn(phone, photo) {
  const { storage } = phone;
  assert.equal(storage["outbox.index"].length, 1);
  const draft = storage[`outbox.${storage["outbox.index"][0]}`];
  assert.equal(draft.state, "sending");
  assert.equal(draft.category, "fire");
  assert.equal(draft.declared, false);
  assert.equal(draft.photos.length, 1);
  const kept = readFileSync(phone.fileOf(`${USER_DATA_PATH}/photo-${draft.photos[0].key}`));
  assert.ok(kept.equals(readFileSync(photo)), "the kept photo differs from the one taken");
  assert.equal(draft.photos[0].sha256, createHash("sha256").update(kept).digest("hex"));
  assert.equal(draft.photos[0].size, kept.length);
  return draft;
}
