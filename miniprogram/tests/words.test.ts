import { beforeEach, describe, expect, it, vi } from "vitest";

import en from "../src/i18n/en.json?raw";
import zh from "../src/i18n/zh.json?raw";
import pages from "../src/pages.json?raw";
import { everySentence, inBoth, sentencesOf, type Words } from "../vite.sentences";

const words: Words = { zh: JSON.parse(zh) as Words["zh"], en: JSON.parse(en) as Words["en"] };
const sources = import.meta.glob<string>("../src/**/*.{ts,vue}", { query: "?raw", import: "default", eager: true });
const files = Object.fromEntries(
  Object.entries(sources).filter(([path]) => !path.endsWith(".d.ts")).map(([path, text]) => [path.replace("../src/", ""), text]),
);
const said = everySentence(pages, files);
const MEND = "npm run words, then write the English";

describe("the two files", () => {
  it("have what the phone says, all of it and no more, in its order", () => {
    expect(Object.keys(words.zh.sentences), MEND).toEqual(said);
    expect(Object.keys(words.en.sentences), MEND).toEqual(said);
  });

  it("say everything in English, with the same values", () => {
    const valuesOf = (text: string): string[] => [...new Set(text.match(/\{\d/g))].sort();
    const wrong = Object.entries(words.en.sentences).filter(([chinese, english]) => !english || String(valuesOf(english)) !== String(valuesOf(chinese)));
    expect(wrong).toEqual([]);
    const all = Object.values(words.en).flatMap((section) => Object.values(section));
    expect(all.filter((english) => /[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]/.test(english.replace("“安全随手拍”", "")))).toEqual([]);
  });

  it("keep the values in another wording of the Chinese", () => {
    const valuesOf = (text: string): string[] => [...(text.match(/\{\d\}/g) ?? [])].sort();
    expect(Object.entries(words.zh.sentences).filter(([sentence, chinese]) => String(valuesOf(sentence)) !== String(valuesOf(chinese)))).toEqual([]);
  });
});

/** A page of one file, built with these words. */
const built = (code: string, english: Record<string, string>, chinese: Record<string, string> = {}, name = "it.vue"): string | null =>
  inBoth(code, name, { zh: { sentences: chinese }, en: { sentences: english, problems: {}, service: {}, policy: {} } });

describe("what is built", () => {
  const IMPORT = 'import { t as t_ } from "@/i18n/language";';
  const page = (template: string, script = ""): string => `<script setup lang="ts">${script}</script><template>${template}</template>`;

  it.each([
    ["text, with the spaces around it", "<text> 先 拍 </text>", "<text> {{ t_(0, '先 拍') }} </text>", "先 拍"],
    ["text with values as one sentence", "<text>有 {{ n }} 件，{{ a.b }}</text>", "<text>{{ t_(0, '有 {0} 件，{1}', n, a.b) }}</text>", "有 {0} 件，{1}"],
    ["an attribute", '<i title="说“好”" />', "<i :title=\"t_(0, '说“好”')\" />", "说“好”"],
    ["a string in an expression", "<i :a=\"{ x: y ? '是' : z }\" />", "<i :a=\"{ x: y ? t_(0, '是') : z }\" />", "是"],
    ["what would end an attribute", "<i title='\"<&是' />", "<i :title=\"t_(0, '\\x22\\x3c\\x26是')\" />", '"<&是'],
  ])("%s", (_, template, expected, sentence) => {
    expect(built(page(template), { [sentence]: "x" })).toBe(page(expected, IMPORT));
  });

  it("says what stands at the top of a module when it is asked", () => {
    const code = built('const A = [{ name: "建议", n: 1 }];\nconst f = (n: number) => `共 ${n} 条`;', { 建议: "x", "共 {0} 条": "y" }, {}, "it.ts");
    expect(code).toBe(`${IMPORT}const A = [{ get name() { return t_(0, '建议'); }, n: 1 }];\nconst f = (n: number) => t_(1, '共 {0} 条', n);`);
  });

  it("takes another wording from the Chinese file, and a second sense has an English of its own", () => {
    expect(built('const f = () => [/* as a rating */ "一般", "好"];', { "一般 [as a rating]": "x", 好: "y" }, { 好: "棒" }, "it.ts")).toBe(
      `${IMPORT}const f = () => [/* as a rating */ t_(0, '一般'), t_(1, '棒')];`,
    );
  });

  it("leaves alone what is no sentence, and what has no English yet", () => {
    expect(sentencesOf('type A = "甲"; const a = /乙/; f(/* as is */ "丙"); // 丁', "it.ts")).toEqual([]);
    expect(built('f("戊");', { 戊: "" }, {}, "it.ts")).toBeNull();
  });

  it.each([
    ["compared", 'if (a === "甲") b();'],
    ["the name of a property", 'const a = { "甲": 1 };'],
    ["said once for all", 'const A = ["甲"];'],
  ])("refuses what would go wrong in English: %s", (_, code) => {
    expect(() => sentencesOf(code, "it.ts")).toThrow("甲");
  });
});

describe("speaking", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.stubGlobal("__uniRoutes", []);
    vi.stubGlobal("__uniConfig", {});
    vi.stubGlobal("getCurrentPages", () => [{ route: "pages/home/index" }]);
    vi.stubGlobal("uni", {
      getStorageSync: () => "en", addInterceptor: vi.fn(), setLocale: vi.fn(), setNavigationBarTitle: vi.fn(), setTabBarItem: vi.fn(),
    });
  });

  it("is Chinese until English was chosen and has come", async () => {
    const { language, served, speakChosen, t } = await import("@/i18n/language");
    expect([t(0, "有 {0} 件", 3), served("甲"), language.value]).toEqual(["有 3 件", "甲", "zh"]);
    vi.stubGlobal("document", { documentElement: {} });
    await speakChosen();
    expect([language.value, (document.documentElement as HTMLElement).lang]).toEqual(["en", "en"]);
    expect(t(0, "安全随手拍")).toBe(Object.values(words.en.sentences)[0]);
    expect([served("待受理"), served("已受理，定为一般隐患"), served("甲")]).toEqual(["Waiting", "Accepted, graded moderate", "甲"]);
  });

  // What people wrote and names of unions stay as they are; so does what has no English.
  it.each([
    ["“东门没有护栏。危险！”的照片都收到了，由青岛港工会审核，最晚 11月26日（暂定） 答复你。", "The photos of “东门没有护栏。危险！” have all arrived. 青岛港工会 reviews it and replies by Nov 26 (provisional)."],
    ["“东门没有护栏”已受理，定为一般隐患。谢谢你的发现，工会会督促整改。由青岛港整改，最晚 1月8日 整改好。积分 +10。",
      "“东门没有护栏” was accepted, graded moderate. Thank you for finding it; the union will see that it is put right. 青岛港 puts it right by Jan 8. Points +10."],
    ["“东门”没有受理。原因：不是隐患。谢谢。", "“东门” was not accepted. Reason: 不是隐患。谢谢。"],
    ["关于“东门”，审核员想问：在几楼？\n点开就能回答，也可以补拍照片。", "About “东门”, the reviewer asks: 在几楼？\nTap to answer. You can add photos too."],
    ["“东门”：分开处理。由青岛港工会审核，最晚 11月26日 答复你。", "“东门”: 分开处理。青岛港工会 reviews it and replies by Nov 26."],
    ["“东门”仍由青岛港整改，最晚 11月26日 整改好。说明：按图施工。", "“东门” is still to be put right by 青岛港, to be put right by Nov 26. Explanation: 按图施工。"],
    ["“十月之星”正在公示，奖励 200.00 元。公示到 11月26日，没有异议就会确定。",
      "“十月之星” is open for objections, an award of 200.00 yuan. Objections are open until Nov 26; without any, the list becomes final."],
    ["市总工会发来“冬季防火”，请在 12月1日 前办好。", "市总工会 sent “冬季防火”. Please finish it by Dec 1."],
    ["“冬季防火”应在 12月1日 前办好，已经过了，请尽快办理。", "“冬季防火” was due on Dec 1. Please deal with it soon."],
    ["你的隐患已受理", "Your hazard was accepted"],
    ["2026年11月3日同意（3 版）", "Agreed on Nov 3, 2026 (version 3)"],
    ["张师傅说已经没事了", "张师傅说已经没事了"],
  ])("says in English what the service says: %s", async (chinese, english) => {
    vi.stubGlobal("document", { documentElement: {} });
    const { policyLine, served, speakChosen } = await import("@/i18n/language");
    await speakChosen();
    expect(served(chinese)).toBe(english);
    expect([policyLine("你的权利"), policyLine(`某某识别：${chinese}`)]).toEqual(["Your rights", undefined]);
    expect(policyLine("不再交给第三方：某某识别")).toBe("No longer given to others: 某某识别");
  });
});
