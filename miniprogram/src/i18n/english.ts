/** English, and what the framework has to be told of it. Loaded by who chose it. */
import words from "@/i18n/en.json";

/** What is built in the place of en.json. */
export interface Built {
  sentences: string[];
  problems: Record<string, string>; // by code
  service: Record<string, string>; // by their Chinese
  pages: Record<string, string>; // title by path
  tabs: { zh: string; en: string }[];
}

const { sentences, problems, service, pages, tabs } = words as unknown as Built;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A value as its place wants it: `{0:photo|photos}` by number, `{0:month}` by name, `{0:small}` within a sentence. */
function written(value: unknown, wish: string | undefined): string {
  const text = String(value ?? "");
  if (!wish) return text;
  if (wish === "month") return MONTHS[Number(value) - 1] ?? text;
  if (wish === "small") return text.charAt(0).toLowerCase() + text.slice(1);
  return wish.split("|")[Number(value) === 1 ? 0 : 1] ?? "";
}

export const say = (number: number, values: unknown[]): string =>
  (sentences[number] ?? "").replace(/\{(\d)(?::([^}]+))?\}/g, (_, place: number, wish?: string) => written(values[place], wish));

export const problem = (code: string): string | undefined => problems[code];

/** Of words that are put together, each. */
export function word(chinese: string): string | undefined {
  const parts = [chinese, ...chinese.split(/* as is */ "，")].map((part) => service[part]);
  return parts[0] ?? (parts.length > 2 && parts.slice(1).every(Boolean) ? parts.slice(1).join(", ") : undefined);
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
