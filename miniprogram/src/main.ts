import { createSSRApp } from "vue";

import App from "./App.vue";
// #ifdef H5
import { endOutline, keepPage } from "@/platform/page";

endOutline();
keepPage();
// #endif

export function createApp() {
  return { app: createSSRApp(App) };
}
