/**
 * The camera, refused twice: WeChat's own, and the one in a page of ours for several shots in a row. Each time it is said what to do, the settings
 * open, and the album stays a door. Arguments: folder, server, photo (with three more beside it).
 */
import assert from "node:assert/strict";

import { App } from "../harness.mjs";

const [folder, server, photo] = process.argv.slice(2);
const app = await App.start(folder, { server, online: true, photos: [photo, `${photo}.2`, `${photo}.3`, `${photo}.4`] });
await app.agree();
await app.until("the empty home page", () => app.text.includes("还没有上报过"));
app.phone.hasCamera = false;
app.phone.confirms = ["没有相机权限"];
app.tap("t-camera");
await app.until("the settings, where it is allowed", () => app.phone.hasCamera);
assert.equal(app.page.route, "pages/home/index");
app.tap("t-camera");
await app.until("the form", () => app.page.route === "pages/hazard/form");
assert.ok(!app.text.includes("不想打字"), "a button for dictation, and no plugin in this build");

app.phone.hasCamera = false;
app.tap("t-series");
await app.until("the camera", () => app.page.route === "pictures/pages/camera" && app.text.includes("拍了 1 张，还能拍 8 张"));
app.tap("finder", "error");
await app.until("what to do without a camera", () => app.text.includes("没有相机权限"));
app.tap("t-album");
const photos = () => app.phone.storage[`outbox.${app.phone.storage["outbox.index"][0]}`].photos;
await app.until("the form with one from the album", () => app.page.route === "pages/hazard/form" && photos().length === 2);

app.tap("t-series");
await app.until("the camera", () => app.text.includes("拍了 2 张"));
app.tap("finder", "error");
await app.until("what to do without a camera", () => app.text.includes("没有相机权限"));
app.tap("t-settings");
await app.until("the settings, where it is allowed", () => app.phone.hasCamera);
app.page.view.instance.onShow(); // back from there
await app.until("the camera again", () => app.text.includes("拍了 2 张"));
app.tap("t-shutter");
app.tap("t-shutter");
await app.until("both", () => app.text.includes("拍了 4 张，还能拍 5 张"));
app.tap("t-done");
await app.until("the form", () => app.page.route === "pages/hazard/form");
assert.equal(photos().length, 4);
process.exit(process.exitCode ?? 0);
