/** A link from the official account's chat: opened, finished, sent. Arguments: folder, server, photo, `<draft id>.<key>`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { App } from "../harness.mjs";

const [folder, server, photo, link] = process.argv.slice(2);
const app = await App.start(folder, { server, online: true });
await app.agree();
await app.until("the home page", () => app.text.includes("拍隐患"));
app.open("pages/hazard/draft", { d: link });
await app.until("the form", () => app.page.route === "pages/hazard/form");

const id = link.split(".")[0];
const draft = app.phone.storage[`outbox.${id}`];
assert.equal(draft.id, id);
assert.equal(draft.description, "配电箱门敞开");
assert.equal(draft.place.text, "三号车间");
assert.deepEqual(draft.place.coordinates, { latitude: 36.06, longitude: 120.38, datum: "gcj02" });
assert.deepEqual(draft.photos.map(({ size }) => size), [readFileSync(photo).length]);

// By voice only where the build has WeChat's plugin (VITE_WECHAT_SI): else the button is not there.
const { plugins } = JSON.parse(readFileSync(new URL("../../dist/build/mp-weixin/app.json", import.meta.url), "utf8"));
assert.equal(app.text.includes("不想打字"), Boolean(plugins?.WechatSI));

await app.until("the categories", () => app.text.includes("火灾") || app.text.includes("消防"));
app.tap("t-category-fire");
app.tap("t-send");
await app.until("an empty outbox", () => !app.phone.storage["outbox.index"].length, 30_000);
assert.ok(app.phone.requests.includes(`PUT /api/v1/hazards/${id}`), app.phone.requests.join());
process.exit(process.exitCode ?? 0);
