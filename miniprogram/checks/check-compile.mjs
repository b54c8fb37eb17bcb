/**
 * The compiler behind WeChat's upload tool, offline: missing pages, components or icons, syntax errors, bad app.json. It has no
 * size check of its own, so the limits on the main package and on each sub-package are held here.
 */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildOf, end, filesIn, kilobytes } from "./build.mjs";

const MOST = 1_000_000; // bytes; WeChat's own limit is 2 MB

const require = createRequire(import.meta.url);
const ci = require("miniprogram-ci");
// Both are internal: the version is pinned.
const { DefaultProjectAttr } = require("miniprogram-ci/dist/config/config");
const web = require("miniprogram-ci/dist/utils/request");

web.request = () => Promise.reject(new Error("offline")); // it goes on without, but would wait for WeChat's server first

const folder = buildOf("mp-weixin", "app.json");
const scratch = mkdtempSync(join(tmpdir(), "compile-"));
process.chdir(scratch); // the tool leaves folders where it is started
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

async function compiled() {
  const privateKeyPath = join(scratch, "throwaway.key"); // the tool wants one; nothing is signed or sent with it
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(privateKeyPath, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  const project = new ci.Project({ appid: "wx0000000000000000", type: "miniProgram", projectPath: folder, privateKeyPath });
  project.attr = async () => DefaultProjectAttr; // otherwise asked of WeChat's server
  return ci.getCompiledResult({ project, setting: { es6: true, minify: true } });
}

const roots = (JSON.parse(readFileSync(join(folder, "app.json"), "utf8")).subPackages ?? []).map(({ root }) => `${root.replace(/\/$/, "")}/`);
const packageOf = (file) => roots.find((root) => file.startsWith(root)) ?? "";

/** Bytes by package; the main one goes by "". */
function sizes(result) {
  const found = new Map([["", 0], ...roots.map((root) => [root, 0])]);
  for (const [file, content] of Object.entries(result)) {
    const name = packageOf(file);
    found.set(name, found.get(name) + Buffer.byteLength(content));
  }
  return [...found].map(([name, size]) => [name ? `分包 ${name}` : "主包", size]);
}

try {
  const packages = sizes(await compiled());
  const said = packages.map(([name, size]) => `${name} ${kilobytes(size)}`).join("，");
  console.log(`miniprogram-ci：${filesIn(folder).length} 个文件编译通过，${said}，上限各 ${kilobytes(MOST)}`);
  end(packages.filter(([, size]) => size >= MOST).map(([name, size]) => `${name} has ${kilobytes(size)}, more than ${kilobytes(MOST)}`));
} catch (error) {
  end([`miniprogram-ci: ${error.message ?? error}`]);
}
