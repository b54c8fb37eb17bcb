/**
 * A large picture goes out as a copy, said with a word spoken to WeChat's plugin. Arguments: folder, server, photo (with what WeChat would make of it
 * beside it, `.copy`).
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { App } from "../harness.mjs";

const [folder, server, photo] = process.argv.slice(2);
const said = { manager: null };
const plugin = {
  getRecordRecognitionManager: () =>
    (said.manager ??= { start: (options) => (said.options = options), stop: () => said.manager.onStop({ result: "通道堵了。" }) }),
};
const app = await App.start(folder, { server, online: true, photos: [photo], plugin });
await app.agree();
await app.until("the worker", () => app.phone.storage["session.me"] && app.text.includes("还没有上报过"));
const { enterprise } = app.phone.storage["session.me"];
wx.setStorageSync("outbox.place", { enterpriseId: enterprise.id, text: "3号车间东门" }); // named in an earlier report
app.tap("t-camera");
await app.until("the form", () => app.page.route === "pages/hazard/form" && app.text.includes("不想打字"));
app.tap("t-dictate");
await app.until("somebody who listens", () => app.text.includes("正在听"));
assert.deepEqual(said.options, { duration: 60_000, lang: "zh_CN" });
app.tap("t-dictate");
const draft = () => app.phone.storage[`outbox.${app.phone.storage["outbox.index"][0]}`];
await app.until("the words", () => draft().description === "通道堵了。");

const [kept] = draft().photos;
const hash = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
assert.deepEqual([kept.sha256, kept.size], [hash(`${photo}.copy`), readFileSync(`${photo}.copy`).length]);
assert.equal(kept.original.size, readFileSync(photo).length);
app.tap("t-category-fire");
await app.until("a form that can be sent", () => app.text.includes("提交隐患"));
app.tap("t-send");
await app.until("an empty outbox", () => !app.phone.storage["outbox.index"].length, 30_000);
process.exit(process.exitCode ?? 0);
