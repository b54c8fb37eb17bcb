import { ref } from "vue";

/** Whether the phone is in dark mode; pictograms carry their colour in themselves and must know. */
export const isDark = ref(false);

// #ifdef H5
const dark = window.matchMedia("(prefers-color-scheme: dark)");
isDark.value = dark.matches;
dark.addEventListener("change", (event) => (isDark.value = event.matches));
// #endif
// #ifndef H5
isDark.value = uni.getSystemInfoSync().theme === "dark";
uni.onThemeChange((result) => (isDark.value = result.theme === "dark"));
// #endif
