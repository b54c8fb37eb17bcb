/**
 * The language that the phone speaks. The source says everything in Chinese; when it is built, each sentence becomes a call of `t` (vite.sentences.ts).
 * English is loaded by who chose it. What people and the service wrote stays as it is, but for words that came with the program.
 */
import { ref, shallowRef } from "vue";

export type Language = "zh" | "en";
const KEY = "language";

/** What is spoken. */
export const language = ref<Language>("zh");
const english = shallowRef<typeof import("@/i18n/english") | null>(null);

/** The sentence of that number, with its values. */
export function t(number: number, chinese: string, ...values: unknown[]): string {
  return english.value ? english.value.say(number, values) : filled(chinese, values);
}

const filled = (sentence: string, values: unknown[]): string =>
  values.length ? sentence.replace(/\{(\d)\}/g, (_, place) => String(values[place] ?? "")) : sentence;

/** What the service says of a problem, in words for the worker. */
export const problemText = (code: string, chinese: string): string => english.value?.word(chinese) ?? english.value?.problem(code) ?? chinese;

/** Words of the service (a state, a category, a message): in English where they came with the program and were not changed. */
export const served = (chinese: string): string => english.value?.word(chinese) ?? chinese;

/** A line of the privacy policy in English, where it is as it came with the program. */
export const policyLine = (chinese: string): string | undefined => english.value?.policyLine(chinese);

/** Speak the language that was chosen on this phone, Chinese where none was; a promise only where it has to be loaded. */
export function speakChosen(): Promise<void> | null {
  if (uni.getStorageSync(KEY) !== "en") return null;
  // #ifdef H5
  return speakEnglish();
  // #endif
  // #ifndef H5
  speak(require("./english.js")); // at once: the first page may be set up before a promise is kept, and what it says once would be Chinese
  return null;
  // #endif
}

// #ifndef H5
declare const require: (built: "./english.js") => typeof import("@/i18n/english");
// #endif

/** Where it does not come, Chinese goes on being spoken. */
async function speakEnglish(): Promise<void> {
  const loaded = await import("@/i18n/english").catch(() => null);
  if (loaded) speak(loaded);
}

function speak(loaded: typeof import("@/i18n/english")): void {
  english.value = loaded;
  language.value = "en";
  loaded.nameAll();
}

/** Speak another one from now on, on the page that is open. */
export async function choose(wanted: Language): Promise<void> {
  uni.setStorageSync(KEY, wanted);
  // #ifdef H5
  location.reload();
  // #endif
  // #ifndef H5
  if (wanted === "en") await speakEnglish();
  else {
    english.value?.unnameAll();
    english.value = null;
    language.value = "zh";
  }
  uni.reLaunch({ url: `/${getCurrentPages().at(-1)?.route ?? "pages/home/index"}` });
  // #endif
}
