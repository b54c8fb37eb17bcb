/** A notice that was passed on, whose reply was returned: read with its paper, corrected, sent. Arguments: folder, server, photo, `<task id>`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { App } from "../harness.mjs";

const [folder, server, , task] = process.argv.slice(2);
const app = await App.start(folder, { server, online: true });
await app.agree();
await app.until("the home page", () => app.text.includes("拍隐患"));
app.open("tasks/pages/list", {});
await app.until("the task in the list", () => app.text.includes("退回原因：请再写"));
app.tap("t-task");
await app.until("the task with the words of both", () => app.text.includes("请各企业落实") && app.text.includes("请各单位研究落实。"));
assert.equal(app.page.route, "tasks/pages/task");

app.tap("t-paper");
await app.until("the paper opened", () => app.phone.opened.length === 1);
const [{ file, type }] = app.phone.opened;
assert.equal(type, "docx");
assert.equal(readFileSync(file).subarray(0, 2).toString(), "PK");

app.tap("t-fill");
await app.until("the remark beside the reply", () => app.text.includes("审核意见：写具体些"));
app.type("t-reply", "已经研究，落实到班组。");
app.phone.confirms.push("提交？");
app.tap("t-send-task");
const sent = `POST /api/v1/tasks/${task}/submissions`;
await app.until("the reply sent", () => app.phone.requests.includes(sent), 30_000);
await app.until("an empty outbox", () => !app.phone.storage["outbox.index"].length);
await app.until("the task that says so", () => app.page.route === "tasks/pages/task" && app.text.includes("已提交"));
process.exit(process.exitCode ?? 0);
