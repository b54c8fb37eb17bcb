import { resolve } from "node:path";

import uniModule from "@dcloudio/vite-plugin-uni";
import { defineConfig } from "vite";

// The plugin is CommonJS; depending on who loads this file its default export is wrapped once more.
const uni = (uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule;

export default defineConfig({
  plugins: [uni()],
  resolve: { alias: { "@": resolve(__dirname, "src") } },
  server: { proxy: { "/api": "http://127.0.0.1:8000", "/photos": "http://127.0.0.1:8000" } },
});
