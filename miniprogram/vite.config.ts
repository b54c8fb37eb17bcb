import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import uniModule from "@dcloudio/vite-plugin-uni";
import { defineConfig, type Plugin } from "vite";

import { frameworkInParts, typedAtOnce } from "./vite.framework";
import { chunkOf, finishedPage } from "./vite.page";
import { asWeChatWrites } from "./vite.template";
import { inTwoLanguages } from "./vite.words";

// The plugin is CommonJS; depending on who loads this file its default export is wrapped once more.
const uni = (uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule;

/** The framework fetches shadow images from its vendor's servers: in H5 by its styles, in the mini program by a preload
 * three seconds after the start. Leaflet links to its own site. Nothing of ours is fetched from outside or leads there. */
function withoutOutsideImages(): Plugin {
  return {
    name: "without-outside-images",
    enforce: "pre",
    transform(code, id) {
      if (/leaflet-src(\.esm)?\.js$/.test(id)) return { code: code.replace(/href="https?:[^"]*"/g, 'href="#"'), map: null };
      return id.includes("uni-mp-weixin") ? { code: code.replace("isFunction(wx.preloadAssets)", "false"), map: null } : null;
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === "asset" && file.fileName.endsWith(".css")) {
          file.source = String(file.source).replace(/url\(["']?https?:[^)]*\)/g, "none");
        }
      }
    },
  };
}

/** What is imported when it is needed: the framework's build leaves nothing of it but the file's name, a text. */
function withLateImports(): Plugin {
  return { name: "with-late-imports", enforce: "pre", renderDynamicImport: () => ({ left: "Promise.resolve().then(() => require(", right: "))" }) };
}

/** The build declares WeChat's speech plugin where VITE_WECHAT_SI names its version: undeclared, an app that asks for it is refused; declared and not
 * added in WeChat's console, the app does not start. */
function speechPlugin(): Plugin {
  const version = process.env.VITE_WECHAT_SI;
  return {
    name: "speech-plugin",
    enforce: "post",
    writeBundle({ dir }) {
      if (!version || process.env.UNI_PLATFORM !== "mp-weixin" || !dir) return;
      if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error("VITE_WECHAT_SI names a version of the plugin, like 0.3.6");
      const path = resolve(dir, "app.json");
      const app = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
      writeFileSync(path, JSON.stringify({ ...app, plugins: { WechatSI: { version, provider: "wx069ba97219f66d99" } } }, null, 2));
    },
  };
}

const isPage = process.env.UNI_PLATFORM === "h5";

/** All pages of the app, as paths below src/. */
function pagesOf(path: string): string[] {
  const { pages, subPackages } = JSON.parse(readFileSync(path, "utf8").replace(/^\s*\/\/.*$/gm, "")) as Record<"pages" | "subPackages", { path: string; root: string; pages: { path: string }[] }[]>;
  return [...pages.map((page) => page.path), ...subPackages.flatMap(({ root, pages }) => pages.map((page) => `${root}/${page.path}`))];
}

const source = resolve(__dirname, "src");
const nodeTransforms = isPage ? [] : [asWeChatWrites(source, pagesOf(resolve(source, "pages.json")))];

export default defineConfig({
  envPrefix: ["VITE_SERVER", "VITE_WECHAT_SI"], // what a build says of itself, and nothing of where it was made
  plugins: [
    inTwoLanguages(source),
    uni({ vueOptions: { template: { compilerOptions: { nodeTransforms } } } }),
    withoutOutsideImages(),
    isPage && typedAtOnce(),
    !isPage && withLateImports(),
    speechPlugin(),
    isPage && frameworkInParts(),
    isPage && finishedPage(resolve(__dirname, "worker.js")),
  ],
  build: { rollupOptions: { output: { manualChunks: isPage ? chunkOf(__dirname) : undefined } } },
  resolve: { alias: { "@": resolve(__dirname, "src") } },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/photos": "http://127.0.0.1:8000" } },
});
