// Builds the console's assets into server/console/static: fingerprinted names, compressed copies beside them, and
// manifest.json, which maps the plain name ("console.js") to the fingerprinted one.
import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "..", "static");
const server = join(here, "..", "..");
const fresh = await mkdtemp(join(here, "node_modules", ".static-")); // of its own, should two builds run at once

// Offices run old machines: the last Chromium for Windows 7 is 109, and browsers built on older ones are common.
const browsers = ["chrome87", "firefox91", "safari15"];

// `@import "slices"`: every style sheet beside the templates of a slice, in the order of their paths.
const slices = {
  name: "slices",
  setup(builder) {
    builder.onResolve({ filter: /^slices$/ }, () => ({ path: "slices", namespace: "slices" }));
    builder.onLoad({ filter: /.*/, namespace: "slices" }, async () => {
      const found = (await readdir(server, { recursive: true }))
        .filter((path) => /^(?!console\/assets\/).*\/templates\/.*\.css$/.test(path))
        .sort();
      const contents = found.map((path) => `@import ${JSON.stringify(join(server, path))};`).join("\n");
      return { contents, loader: "css", resolveDir: server };
    });
  },
};

// Leaflet links to its own site beside every map; our pages lead nowhere outside.
const leaflet = {
  name: "leaflet",
  setup(builder) {
    builder.onLoad({ filter: /leaflet-src(\.esm)?\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(/href="https?:[^"]*"/g, 'href="#"'),
      loader: "js",
    }));
  },
};

async function bundle() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: {
      early: "src/early.js",
      console: "src/console.js",
      charts: "src/charts.js",
      map: "src/map.js",
      "console-styles": "src/console.css",
    },
    plugins: [slices, leaflet],
    bundle: true,
    loader: { ".png": "dataurl" },
    minify: true,
    write: false,
    outdir: fresh,
    target: browsers,
    format: "iife",
    legalComments: "eof",
    logLevel: "warning",
  });
  return result.outputFiles.map(({ path, contents }) => [
    basename(path).replace("console-styles.css", "console.css"),
    Buffer.from(contents),
  ]);
}

async function sprite() {
  const names = JSON.parse(await readFile(join(here, "src", "icons.json"), "utf8"));
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`), "utf8");
      const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
    }),
  );
  return ["icons.svg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`)];
}

async function copied() {
  return ["favicon.svg", await readFile(join(here, "src", "favicon.svg"))];
}

async function keep(name, contents) {
  const dot = name.lastIndexOf(".");
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
  const file = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  await writeFile(join(fresh, file), contents);
  await writeFile(join(fresh, `${file}.gz`), gzipSync(contents, { level: 9 }));
  await writeFile(join(fresh, `${file}.br`), brotliCompressSync(contents, quality));
  return [name, file];
}

await chmod(fresh, 0o755);
const files = [...(await bundle()), await sprite(), await copied()];
const manifest = Object.fromEntries(await Promise.all(files.map(([name, contents]) => keep(name, contents))));
await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(target, { recursive: true, force: true });
await rename(fresh, target);
