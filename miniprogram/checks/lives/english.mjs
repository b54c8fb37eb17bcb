/**
 * English, chosen before anything else: the consent asked for, refused and given is said in it, and so is the app when it is opened again, which is the
 * second life in the same folder. Arguments: folder, server.
 */
import assert from "node:assert/strict";

import { App } from "../harness.mjs";

const [folder, server] = process.argv.slice(2);
const app = await App.start(folder, { server, online: true });
if (app.phone.storage.language !== "en") {
  await app.until("the question for consent", () => app.text.includes("同意，开始使用"));
  app.tap("t-language");
  await app.until("the same in English", () => app.page.route === "pages/profile/consent" && app.text.includes("Agree and start"));
  app.tap("t-refuse");
  await app.until("a look around", () => app.page.route === "pages/browse/index" && app.text.includes("What counts as a hazard"));
  assert.deepEqual(app.phone.requests.filter((request) => !/\/(privacy|privacy\/policy|campaign)$/.test(request)), [], "asked for before there was a consent");
  app.tap("t-to-consent");
  await app.until("the question again", () => app.page.route === "pages/profile/consent" && app.text.includes("Agree and start"));
  app.tap("t-agree", "agreeprivacyauthorization");
}
await app.until("the home page in English", () => app.page.route === "pages/home/index" && app.text.includes("Report a hazard"));
for (const words of ["Suggest an idea", "Safety hotline", "Choose from album"]) assert.ok(app.text.includes(words), app.text); // said once, when the page is set up
await app.until("its tabs and title", () => app.phone.tabs.length && app.phone.title);
assert.ok(!/[\u4e00-\u9fff]/.test(`${app.phone.tabs}${app.phone.title}`), `${app.phone.tabs} ${app.phone.title}`);
process.exit(process.exitCode ?? 0);
