/**
 * WeChat's own compilers over every template and style of the built mini program: broken WXML and WXSS, with file and line.
 * They are run directly because the package's JavaScript wrapper swallows the errors of wcsc.
 */
import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { buildOf, end, filesIn } from "./build.mjs";

const compilers = join(dirname(createRequire(import.meta.url).resolve("miniprogram-compiler/package.json")), "bin/linux");
const folder = buildOf("mp-weixin", "app.json");

function compile(compiler, files) {
  const program = join(compilers, compiler);
  chmodSync(program, 0o755); // the package marks it executable in an install script, and we run none
  const { status, stdout, stderr, error } = spawnSync(program, files, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) return [`${compiler}: ${error.message}`];
  if (status === 0) return [];
  const said = `${stderr}\n${stdout}`.split("\n").filter((line) => /:\d+|\(\d+|ERR/.test(line) && line.length < 500);
  return said.length ? said : [`${compiler} ended with ${status}: ${stderr.slice(0, 500)}`];
}

const templates = filesIn(folder, /\.wxml$/);
const styles = filesIn(folder, /\.wxss$/);
const problems = [...compile("wcc", templates), ...compile("wcsc", styles)];
if (!templates.length || !styles.length) problems.push("no templates or no styles in the build");
console.log(`wcc ${templates.length} 个模板，wcsc ${styles.length} 个样式`);
end(problems);
