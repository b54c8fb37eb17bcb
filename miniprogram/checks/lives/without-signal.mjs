/** First life: signed in, then no signal; a photo, a category, send; then the app is killed. Arguments: folder, server, photo. */
import assert from "node:assert/strict";

import { App } from "../harness.mjs";
import { draftIn, PROGRESS } from "./draft.mjs";

const [folder, server, photo] = process.argv.slice(2);
const app = await App.start(folder, { server, online: true, photos: [photo] });
await app.until("the question for consent", () => app.page.route === "pages/profile/consent");
assert.deepEqual(app.phone.requests.filter((request) => !request.endsWith("/privacy") && !request.endsWith("/campaign")), []);
await app.agree();
await app.until("the campaign and the worker", () => app.phone.storage.campaign && app.phone.storage["session.me"]);
await app.until("the empty home page", () => app.text.includes("还没有上报过"));

const { enterprise } = app.phone.storage["session.me"];
wx.setStorageSync("outbox.place", { enterpriseId: enterprise.id, text: "3号车间东门" }); // named in an earlier report

app.phone.setOnline(false);
app.tap("t-camera");
await app.until("the form", () => app.page.route === "pages/hazard/form");
await app.until("the categories", () => app.text.includes("提交隐患") || app.text.includes("选一下是哪一类隐患"));
app.tap("t-category-fire");
await app.until("a form that can be sent", () => app.text.includes("提交隐患"));
app.tap("t-send");
await app.until("what becomes of it", () => app.page.route === "pages/hazard/sent");
await app.until("the progress", () => app.text.includes(PROGRESS));
assert.ok(app.text.includes("已存好，联网后自动发送"), app.text);
await draftIn(app.phone, photo);
process.kill(process.pid, "SIGKILL"); // no chance to tidy up, as when the phone ends the app
