/** `npm run words`: takes what is said anew into src/i18n/zh.json and en.json, there without its English yet, and what is said no more out. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { plainOf } from "./vite.sentences";
import { readWords, sentencesIn } from "./vite.words";

const source = resolve(__dirname, "src");
const { zh, en } = readWords(source);
const said = sentencesIn(source);
const write = (language: string, words: object): void =>
  writeFileSync(resolve(source, `i18n/${language}.json`), `${JSON.stringify(words, null, 2)}\n`);

write("zh", { ...zh, sentences: Object.fromEntries(said.map((sentence) => [sentence, zh.sentences[sentence] ?? plainOf(sentence)])) });
write("en", { ...en, sentences: Object.fromEntries(said.map((sentence) => [sentence, en.sentences[sentence] ?? ""])) });
const open = said.filter((sentence) => !en.sentences[sentence]);
process.stdout.write(open.length ? `没有英文：\n${open.join("\n")}\n` : "都有英文。\n");
