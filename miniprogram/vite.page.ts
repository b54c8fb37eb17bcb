/** What the H5 page's build gets besides: few files, a service worker that keeps them, and each compressed beforehand. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import type { Plugin } from "vite";

import { partOfFramework } from "./vite.framework";

type Graph = { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null };

const BASE = "/h5/";
const HOME = "/src/pages/home/index.vue";
const COMPRESSED = /\.(html|js|css|svg|json)$/;
const KEPT = /\.(js|css|png|svg)$/;
const LEFT = /assets\/map[.-]/; // no use without a signal, and no use at all where the operator set up no map
const LEAST = 500; // bytes: below that compression only costs

/** All files below `folder`, relative to it, sorted. */
function filesIn(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return found.map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name))).sort();
}

/** All that is needed for the home page, itself and the app around it: found once the graph is whole, in which manualChunks is asked. */
function firstOf(graph: Graph, start: string[]): Set<string> {
  const found = new Set<string>();
  const left = [...start];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

/** Few large files instead of a hundred small ones, each of which costs a bad line a turn: the framework, what the first screen needs, and
 * one for each part of the app. */
export function chunkOf(folder: string): (id: string, graph: Graph) => string | undefined {
  let first: Set<string> | undefined;
  return (id, graph) => {
    if (partOfFramework(id) === "later") return "controls";
    if (/\/node_modules\/leaflet\/|\/src\/map\/tiles\.ts/.test(id)) return "map";
    if (id.includes("/node_modules/") || !id.includes(folder)) return "framework";
    if (!id.startsWith(`${folder}/src/`) || /\/src\/(main\.ts|\w+-json-js)/.test(id)) return undefined; // what begins it all
    first ??= firstOf(graph, [folder + HOME, ...["App.vue", "main.ts"].map((file) => `${folder}/src/${file}`)]);
    if (first.has(id)) return "first";
    if (/\/src\/i18n\/en/.test(id)) return "english";
    return /\/src\/(?:pages\/|components\/)?(help|quiz|tasks|training)\//.exec(id)?.[1] ?? "rest";
  };
}

function workerOf(source: string, folder: string, files: string[], page: string): string {
  const kept = files.filter((file) => KEPT.test(file) && !LEFT.test(file));
  const first = kept.filter((file) => page.includes(file));
  const version = createHash("sha256");
  for (const file of ["index.html", ...kept]) version.update(readFileSync(join(folder, file)));
  const list = (some: string[]): string => some.map((file) => JSON.stringify(BASE + file)).join(", ");
  return source
    .replace("__VERSION__", version.digest("hex").slice(0, 16))
    .replace('"__FIRST__"', list(first))
    .replace('"__REST__"', list(kept.filter((file) => !first.includes(file))));
}

/** Beside each file what a server sends to browsers that understand it. */
function compress(folder: string): void {
  for (const file of filesIn(folder).filter((name) => COMPRESSED.test(name))) {
    const path = join(folder, file);
    const content = readFileSync(path);
    if (content.length < LEAST) continue;
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

/** Runs last, when everything is written; `folder` is the build's. */
export function finishedPage(worker: string): Plugin {
  let folder = "";
  return {
    name: "finished-page",
    apply: "build",
    enforce: "post",
    writeBundle: ({ dir }) => {
      folder = dir ?? "";
    },
    closeBundle() {
      if (!folder) return;
      const path = join(folder, "index.html");
      const files = filesIn(folder);
      const page = readFileSync(path, "utf8");
      writeFileSync(join(folder, "sw.js"), workerOf(readFileSync(worker, "utf8"), folder, files, page));
      compress(folder);
    },
  };
}
