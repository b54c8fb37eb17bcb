import { resolve } from "node:path";

import { defineConfig } from "vitest/config";

import { inTwoLanguages } from "./vite.words";

export default defineConfig({
  plugins: [inTwoLanguages(resolve(__dirname, "src"))],
  resolve: { alias: { "@": resolve(__dirname, "src") } },
  test: { css: { include: /./ }, include: ["tests/**/*.test.ts"], environment: "node" },
});
