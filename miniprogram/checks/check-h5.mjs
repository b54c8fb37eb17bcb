/**
 * What the worker's H5 page costs to open.
 * First load = index.html, what it names, every chunk those import statically, and the home page's chunk with its imports and
 * styles, each compressed by gzip.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { buildOf, end, kilobytes } from "./build.mjs";

const MOST = 200_000; // bytes, compressed
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
  return found;
}

/** The home page's chunk and the styles that Vite's table of preloads puts beside it. */
function homeFiles(entry) {
  const code = read(entry);
  const table = JSON.parse(`[${/viteFileDeps\s*=\s*\[([^\]]*)\]/.exec(code)?.[1] ?? ""}]`);
  const call = /import\("\.\/(pages-home-index\.[^"]+\.js)"\),__vite__mapDeps\(\[([\d,]*)\]\)/.exec(code);
  if (!call || !table.length) return end(["the home page's chunk was not found in the entry: this check must learn the new form"]);
  const beside = call[2].split(",").map((index) => table[Number(index)]);
  return [`assets/${call[1]}`, ...beside];
}

function firstLoad() {
  const entry = entryFiles();
  const script = entry.find((file) => file.endsWith(".js"));
  return [...withImports(["index.html", ...entry, ...homeFiles(script)])];
}

const files = firstLoad();
const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
console.log(`H5 首次打开：${files.length} 个文件，gzip 后 ${kilobytes(size)}，上限 ${kilobytes(MOST)}`);
end(size < MOST ? [] : [`the first load has ${kilobytes(size)}, more than ${kilobytes(MOST)}`]);
