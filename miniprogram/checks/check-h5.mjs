/**
 * What the worker's H5 page costs to open.
 * First load = index.html, what it names, every chunk those import statically, and the home page's chunk with its imports, each as the
 * build compressed it: brotli for browsers that take it, which all do over HTTPS, gzip for the others.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { buildOf, end, filesIn, kilobytes } from "./build.mjs";

const MOST = { br: 120_000, gz: 140_000 }; // bytes
const MOST_FILES = 24; // scripts and styles: each costs a bad line a turn
const BASE = "/h5/";

const folder = buildOf("h5", "index.html");
const read = (file) => readFileSync(join(folder, file), "utf8");

function named(text, pattern) {
  return [...text.matchAll(pattern)].map((match) => match[1]);
}

/** The local files that index.html asks for. */
function entryFiles() {
  const addresses = named(read("index.html"), /\s(?:src|href)="([^"]+)"/g);
  return addresses.filter((address) => address.startsWith(BASE)).map((address) => address.slice(BASE.length));
}

/** `files` and all they import statically. */
function withImports(files) {
  const found = new Set();
  const visit = (file) => {
    if (found.has(file)) return;
    found.add(file);
    if (!file.endsWith(".js")) return;
    const imports = named(read(file), /(?:\bfrom|\bimport)\s*["'](\.\.?\/[^"']+\.js)["']/g);
    imports.forEach((address) => visit(join(dirname(file), address)));
  };
  files.forEach(visit);
  return [...found];
}

/** Bytes of a file as it goes over the line. */
function weight(file, kind) {
  const compressed = join(folder, `${file}.${kind}`);
  return statSync(existsSync(compressed) ? compressed : join(folder, file)).size;
}

function problemsOf(files) {
  const problems = [];
  for (const [kind, most] of Object.entries(MOST)) {
    const size = files.reduce((sum, file) => sum + weight(file, kind), 0);
    console.log(`H5 首次打开：${files.length} 个文件，${kind} 压缩后 ${kilobytes(size)}，上限 ${kilobytes(most)}`);
    if (size >= most) problems.push(`the first load has ${kilobytes(size)} in ${kind}, more than ${kilobytes(most)}`);
  }
  const home = files.find((file) => /^assets\/first\..*\.js$/.test(file));
  if (!home) problems.push("the home page is not in a chunk that index.html asks for: see chunkOf in vite.page.ts");
  if (files.some((file) => /^assets\/controls\./.test(file))) {
    problems.push("the first screen uses what it did not from the framework: see FIRST in vite.framework.ts");
  }
  const all = filesIn(join(folder, "assets"), /\.(js|css)$/);
  if (all.length > MOST_FILES) problems.push(`${all.length} scripts and styles, more than ${MOST_FILES}`);
  const bare = [...all.map((file) => `assets/${file}`), "index.html", "sw.js"].filter(
    (file) => statSync(join(folder, file)).size >= 500 && !["br", "gz"].every((kind) => existsSync(join(folder, `${file}.${kind}`))),
  );
  problems.push(...bare.map((file) => `${file} was not compressed`));
  const worker = read("sw.js");
  problems.push(...all.filter((file) => !/^map[.-]/.test(file) && !worker.includes(`"${BASE}assets/${file}"`)).map((file) => `the service worker does not keep ${file}`));
  return problems;
}

end(problemsOf(withImports(["index.html", ...entryFiles()])));
