/** What stops an upload before it begins, and what a dry run says. Offline. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { optionsOf } from "./upload.mjs";

const APPID = "wx0123456789abcdef";
const folder = mkdtempSync(join(tmpdir(), "upload-"));
const key = join(folder, "private.key");
writeFileSync(key, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }));

function built(client = "https://ssp.example.org", appid = APPID) {
  const place = mkdtempSync(join(folder, "built-"));
  mkdirSync(join(place, "api"));
  writeFileSync(join(place, "app.json"), "{}");
  writeFileSync(join(place, "project.config.json"), JSON.stringify({ appid }));
  writeFileSync(join(place, "api", "client.js"), `const server = "${client}";`);
  return place;
}

const right = ["--version", "1.2.3", "--key", key];

test("arguments come first, the environment fills in, the app id comes from the build", () => {
  const options = optionsOf(["--key", key, "--robot", "7", "--dry-run"], { MINIPROGRAM_VERSION: "2.0.1" }, built());
  assert.deepEqual([options.appid, options.version, options.robot, options.isDry], [APPID, "2.0.1", 7, true]);
});

for (const [name, args, place, words] of [
  ["no version", ["--key", key], built(), "版本号"],
  ["a version that is none", ["--version", "latest", "--key", key], built(), "版本号"],
  ["no key", ["--version", "1.2.3"], built(), "上传密钥"],
  ["a key that is none", ["--version", "1.2.3", "--key", join(built(), "app.json")], built(), "不是 PEM"],
  ["the placeholder app id", right, built(undefined, "touristappid"), "AppID 不对"],
  ["a build for this machine", right, built("http://127.0.0.1:8000"), "VITE_SERVER"],
  ["nothing built", right, folder, "build:mp-weixin"],
  ["a robot out of range", [...right, "--robot", "31"], built(), "1 到 30"],
]) {
  test(`refused: ${name}`, () => assert.throws(() => optionsOf(args, {}, place), (error) => error.message.includes(words)));
}

test("the command says what is wrong and fails", () => {
  const script = join(dirname(fileURLToPath(import.meta.url)), "upload.mjs");
  const done = spawnSync(process.execPath, [script, "--version", "x"], { encoding: "utf8" });
  assert.equal(done.status, 1);
  assert.match(done.stderr, /没有上传：/);
});

test("miniprogram-ci offers what the script calls", () => {
  const said = execFileSync(process.execPath, ["-e", "const ci = require('miniprogram-ci'); console.log(typeof ci.upload, typeof ci.Project)"], {
    cwd: dirname(fileURLToPath(import.meta.url)), encoding: "utf8",
  });
  assert.match(said, /function function/);
});
