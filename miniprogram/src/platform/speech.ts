import { language } from "@/i18n/language";

const HAN = /[\u3400-\u9fff]/;

/** Reading aloud, where the platform can: a browser by itself; WeChat only by a plugin, which we do not ask for. */
export function canSpeak(): boolean {
  // #ifdef H5
  return "speechSynthesis" in window;
  // #endif
  // #ifndef H5
  return false;
  // #endif
}

/** Read the page on the screen, what is pressed left out; a second time stops. */
export function readPage(): void {
  // #ifdef H5
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  const page = [...document.querySelectorAll<HTMLElement>("uni-page-body")].filter((one) => one.getClientRects().length).at(-1);
  const controls = new Set(page?.querySelectorAll("uni-button"));
  const lines = [...(page?.querySelectorAll<HTMLElement>("uni-text") ?? [])].filter((one) => ![...controls].some((button) => button.contains(one)));
  for (const line of lines.map((one) => one.innerText.trim()).filter(Boolean)) {
    const said = new SpeechSynthesisUtterance(line);
    said.lang = language.value === "en" && !HAN.test(line) ? "en" : "zh-CN"; // what people wrote stays Chinese
    speechSynthesis.speak(said);
  }
  window.addEventListener("hashchange", () => speechSynthesis.cancel(), { once: true });
  // #endif
}
