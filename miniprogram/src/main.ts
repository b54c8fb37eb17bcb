import { createSSRApp, watchEffect } from "vue";

import App from "./App.vue";
import { speakChosen } from "@/i18n/language";
import { typeScale } from "@/platform/face";
// #ifdef H5
import { endOutline, keepPage } from "@/platform/page";
import { reach } from "@/platform/reach";

endOutline();
keepPage();
reach();
watchEffect(() => document.documentElement.style.setProperty("--type", String(typeScale.value)));
// #endif

export function createApp() {
  const app = createSSRApp(App);
  const loading = speakChosen();
  // #ifdef H5
  const { mount } = app;
  if (loading) app.mount = (...place) => void loading.then(() => mount(...place)) as unknown as ReturnType<typeof mount>; // in its language at once
  // #endif
  // #ifndef H5
  // What a page of the mini program wears: see vite.template.ts.
  Object.defineProperty(app.config.globalProperties, "$pageStyle", { get: () => `--type:${typeScale.value}` });
  // #endif
  return { app };
}
