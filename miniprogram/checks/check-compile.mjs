/**
 * The compiler behind WeChat's upload tool, offline: missing pages, components or icons, syntax errors, bad app.json. It has no
 * size check of its own, so the limit on the main package is held here; there are no subpackages.
 */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

const sizeOf = (content) => Buffer.byteLength(content);

try {
  const result = await compiled();
  const size = Object.values(result).reduce((sum, content) => sum + sizeOf(content), 0);
  console.log(`miniprogram-ci：${filesIn(folder).length} 个文件编译通过，主包 ${kilobytes(size)}，上限 ${kilobytes(MOST)}`);
  end(size < MOST ? [] : [`the main package has ${kilobytes(size)}, more than ${kilobytes(MOST)}`]);
} catch (error) {
  end([`miniprogram-ci: ${error.message ?? error}`]);
}
