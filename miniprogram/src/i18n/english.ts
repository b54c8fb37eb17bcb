/** English, and what the framework has to be told of it. Loaded by who chose it. */
import words from "@/i18n/en.json";

/** What is built in the place of en.json. */
export interface Built {
  sentences: string[];
  problems: Record<string, string>; // by code
  service: Record<string, string>; // by their Chinese
  policy: Record<string, string>; // its lines as they come with the program
  pages: Record<string, string>; // title by path
  tabs: { zh: string; en: string }[];
}

const { sentences, problems, service, policy, pages, tabs } = words as unknown as Built;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A value as its place wants it: `{0:photo|photos}` by number, `{0:month}` by name, `{0:small}` within a sentence. */
function written(value: unknown, wish: string | undefined): string {
  const text = String(value ?? "");
  if (!wish) return text;
  if (wish === "month") return MONTHS[Number(value) - 1] ?? text;
  if (wish === "small") return text.charAt(0).toLowerCase() + text.slice(1);
  return wish.split("|")[Number(value) === 1 ? 0 : 1] ?? "";
}

const filled = (sentence: string, values: unknown[]): string =>
  sentence.replace(/\{(\d)(?::([^}]+))?\}/g, (_, place: number, wish?: string) => written(values[place], wish));

export const say = (number: number, values: unknown[]): string => filled(sentences[number] ?? "", values);

export const problem = (code: string): string | undefined => problems[code];

/** What the service says with values in it: `size` is how much of it are words of its own, `quoted` the values that are quotations. */
interface Pattern {
  of: RegExp;
  english: string;
  size: number;
  quoted: boolean[];
}

const patterns: Record<string, Pattern[]> = {}; // by the character that they begin with, "" for a value
const heard = new Map<string, string | undefined>();
const WITHIN = /((?:“[^”]*”|[^“”。！？\n])*?)/.source; // a sentence
const ANY = /([^]*?)/.source;

/** A value ends with its sentence; in quotes stands what people wrote, and at the end of all what they gave as a reason, in any number of sentences. */
function patternOf(chinese: string, english: string): Pattern {
  const parts = chinese.split(/\{\d\}/);
  const quoted = parts.slice(0, -1).map((part) => part.endsWith("“"));
  const value = (index: number): string => (quoted[index] || (index === quoted.length - 1 && !parts.at(-1)) ? ANY : WITHIN);
  const literals = parts.map((part, index) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + (index < quoted.length ? value(index) : ""));
  return { of: new RegExp(`^${literals.join("")}${/[。！？]$/.test(chinese) ? "" : "$"}`), english, size: parts.join("").length, quoted };
}

for (const [chinese, english] of Object.entries(service))
  if (/\{\d\}/.test(chinese)) (patterns[chinese.startsWith("{") ? "" : chinese.charAt(0)] ??= []).push(patternOf(chinese, english));

/** The sentence that `text` begins with in English, and how long it is in Chinese; of several the one that says most itself. */
function begun(text: string): { english: string; length: number } | undefined {
  const first = /^[^。！？\n]+[。！？]?/.exec(text)?.[0] ?? "";
  if (service[first]) return { english: service[first] ?? "", length: first.length };
  let best: { pattern: Pattern; found: RegExpExecArray } | undefined;
  for (const pattern of [...(patterns[text.charAt(0)] ?? []), ...(patterns[""] ?? [])]) {
    if (best && pattern.size <= best.pattern.size) continue;
    const found = pattern.of.exec(text);
    if (found) best = { pattern, found };
  }
  if (!best) return undefined;
  const [all, ...values] = best.found;
  const { english, quoted } = best.pattern;
  return { english: filled(english, values.map((value, index) => (quoted[index] ? service[value] : word(value)) ?? value)), length: all.length };
}

/** What has no English is left as it is: a name in quotes, and people's own words. */
const LEFT = /^(\n+|“[^”]*”|[，：]|[^。！？\n]+[。！？]*|[^])/;

function told(text: string): string | undefined {
  if (service[text]) return service[text];
  const parts = text.split(/* as is */ "，").map((part) => service[part]);
  if (parts.every(Boolean)) return parts.join(", ");
  let [english, rest, isKnown] = ["", text, false];
  while (rest) {
    const sentence = begun(rest);
    const left = LEFT.exec(rest)?.[0] ?? rest;
    const said = sentence?.english ?? left.replace(/^，$/, ",").replace(/^：$/, ":");
    english += `${/[\w.,:;!?)”]$/.test(english) && /^[^\s.,:;]/.test(said) ? " " : ""}${said}`;
    rest = rest.slice(sentence?.length ?? left.length);
    isKnown ||= Boolean(sentence);
  }
  return isKnown ? english : undefined;
}

/** What the service says, by its Chinese: a word, or sentences in which values stand. */
export function word(chinese: string): string | undefined {
  if (!heard.has(chinese)) heard.set(chinese, chinese ? told(chinese) : "");
  return heard.get(chinese);
}

const policyPatterns = Object.entries(policy).flatMap(([chinese, english]) => (/\{\d\}/.test(chinese) ? [patternOf(chinese, english)] : []));

/** A line of the privacy policy, as it came with the program; with the name of whom the operator brought in. */
export function policyLine(chinese: string): string | undefined {
  if (policy[chinese]) return policy[chinese];
  for (const { of, english } of policyPatterns) {
    const [all, ...values] = of.exec(chinese) ?? [];
    if (all === chinese) return filled(english, values.map((value) => policyLine(value) ?? value));
  }
  return undefined;
}

// #ifdef H5
/** What the framework knows of its pages and tabs, in a browser; it copies a part when it draws it. */
declare const __uniRoutes: { path: string; alias?: string; meta: { navigationBar: { titleText?: string } } }[];
declare const __uniConfig: { tabBar?: { list: { text: string }[] } };
// #endif

/** In the mini program: the title of the page on top, and the words of the tabs if it has them. */
function nameShown(): void {
  const title = pages[getCurrentPages().at(-1)?.route ?? ""];
  if (title) uni.setNavigationBarTitle({ title, fail: () => undefined });
  tabs.forEach(({ en }, index) => uni.setTabBarItem({ index, text: en, fail: () => undefined }));
}

const MOVES = ["navigateTo", "redirectTo", "reLaunch", "switchTab", "navigateBack"];

/** The titles and tabs of pages.json, which are the framework's: named before anything is drawn, or else after every move. */
export function nameAll(): void {
  // #ifdef H5
  document.documentElement.lang = "en";
  uni.setLocale("en");
  for (const { path, alias = path, meta } of __uniRoutes) meta.navigationBar.titleText = pages[alias.slice(1)] ?? meta.navigationBar.titleText;
  __uniConfig.tabBar?.list.forEach((tab, index) => (tab.text = tabs[index]?.en ?? tab.text));
  // #endif
  // #ifndef H5
  for (const move of MOVES) uni.addInterceptor(move, { success: nameShown });
  nameFirst();
  // #endif
}

/** At the start there is no page yet. */
function nameFirst(): void {
  if (getCurrentPages().length) nameShown();
  else setTimeout(nameFirst, 50);
}

/** The tabs in Chinese again; pages are opened anew. */
export function unnameAll(): void {
  for (const move of MOVES) uni.removeInterceptor(move);
  tabs.forEach(({ zh }, index) => uni.setTabBarItem({ index, text: zh, fail: () => undefined }));
}
