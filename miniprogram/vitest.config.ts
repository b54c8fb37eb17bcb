import { resolve } from "node:path";

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": resolve(__dirname, "src") } },
  test: { css: { include: /./ }, include: ["tests/**/*.test.ts"], environment: "node" },
});
