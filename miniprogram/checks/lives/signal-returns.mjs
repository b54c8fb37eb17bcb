/**
 * Second life: still no signal, the draft is there; then the signal returns, and nobody touches anything. It is weak: the photo that goes whole is
 * cut, so it goes in pieces. Arguments as before.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { App } from "../harness.mjs";
import { draftIn, PROGRESS } from "./draft.mjs";

const [folder, server, photo] = process.argv.slice(2);
const app = await App.start(folder, { server, online: false });
await app.until("the draft with its progress", () => app.text.includes(PROGRESS));
const draft = await draftIn(app.phone, photo);

app.phone.cuts = 1;
app.phone.setOnline(true);
await app.until("an empty outbox", () => !app.phone.storage["outbox.index"].length, 30_000);
assert.ok(app.phone.requests.includes(`PUT /api/v1/hazards/${draft.id}`), app.phone.requests.join());
assert.ok(app.phone.requests.includes(`POST /api/v1/submissions/${draft.id}/photos/joined`), app.phone.requests.join());
assert.equal(`outbox.${draft.id}` in app.phone.storage, false, "the sent draft is still stored");
await app.until("the photo's space given back", () => readdirSync(join(folder, "usr")).length === 0);

app.switchTab("pages/mine/index");
await app.until("the report in the list", () => app.text.includes("待受理"));
assert.equal(app.text.includes("张已上传"), false, "it is still shown as waiting on the phone");
process.exit(process.exitCode ?? 0);
