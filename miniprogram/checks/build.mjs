/** Where the built mini program and H5 page are, and how a check ends. */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const builds = fileURLToPath(new URL("../dist/build/", import.meta.url));

/** The folder of one build ("mp-weixin" or "h5"). Ends the check if it was not built. */
export function buildOf(name, proof) {
  const folder = join(builds, name);
  if (!existsSync(join(folder, proof))) end([`${name} 还没有构建：先在 miniprogram/ 里运行 npm run build:${name}`]);
  return folder;
}

/** All files below `folder` whose name matches, relative to it, sorted. */
export function filesIn(folder, pattern = /./) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/** Bytes as kB with one decimal. */
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

/** Print what is wrong and leave with 1; leave with 0 if nothing is. */
export function end(problems) {
  for (const problem of problems) console.error(`  ✗ ${problem}`);
  process.exit(problems.length ? 1 : 0);
}
