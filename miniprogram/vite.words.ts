/** The texts of src/i18n in what is built: vite.sentences.ts says how. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

import type { Built } from "./src/i18n/english";
import { everySentence, inBoth, readPages, titlesOf, type Words } from "./vite.sentences";

const read = (source: string, path: string): string => readFileSync(join(source, path), "utf8");

export function readWords(source: string): Words {
  const [zh, en] = ["zh", "en"].map((language) => JSON.parse(read(source, `i18n/${language}.json`)) as object);
  return { zh, en } as Words;
}

/** All that the phone says, in the order of its files. */
export function sentencesIn(source: string): string[] {
  const paths = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) => /(\.vue|(?<!\.d)\.ts)$/.test(path));
  return everySentence(read(source, "pages.json"), Object.fromEntries(paths.map((path) => [path, read(source, path)])));
}

function builtFrom(source: string, { zh, en }: Words): Built {
  const { pages, tabs } = titlesOf(readPages(read(source, "pages.json")));
  const english = (text: string): string => en.sentences[text] || text;
  return {
    sentences: Object.values(en.sentences), problems: en.problems, service: en.service, policy: en.policy,
    pages: Object.fromEntries(pages.map(([path, title]) => [path, english(title)])),
    tabs: tabs.map((text) => ({ zh: zh.sentences[text] ?? text, en: english(text) })),
  };
}

/** Runs before everything else, on the files as they are written. */
export function inTwoLanguages(source: string): Plugin {
  const words = readWords(source);
  return {
    name: "in-two-languages",
    enforce: "pre",
    transform(code, id) {
      if (id === join(source, "i18n/en.json")) return { code: JSON.stringify(builtFrom(source, words)), map: null };
      if (!id.startsWith(source) || !/\.(vue|ts)$/.test(id)) return null;
      const changed = inBoth(code, id, words);
      return changed === null ? null : { code: changed, map: null };
    },
  };
}
