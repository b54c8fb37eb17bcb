/**
 * What the phone says, in two languages.
 *
 * The source says it in Chinese, where it is said, and that sentence is its own name. Here every sentence (text and attributes of templates, and
 * strings of scripts) becomes a call of `t` of src/i18n when it is built: its number, for the English, and the Chinese of src/i18n/zh.json. English
 * is a list by those numbers, in a file of its own that only who chose it loads.
 *
 * A sentence with values has them by number: `还有 ${n} 条` is “还有 {0} 条”. What stands at the top of a module becomes a getter, so that it is said in
 * the language of the moment. A mark before a string says what it is: `/* as is *\/ "签名.png"` is no sentence for a person, or goes to the service as
 * it is; `/* as a rating *\/ "一般"` has an English of its own.
 */
import MagicString from "magic-string";
import ts from "typescript";
import { parse } from "vue/compiler-sfc";

/** Signs that only Chinese has: its characters, its punctuation, letters as wide as they are. */
const CHINESE = /[\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]/;
const CALL = "t_"; // what `t` is called in what is built
const IMPORT = `import { t as ${CALL} } from "@/i18n/language";`;
const MARK = /\/\* as ([a-z ]+) \*\/\s*$/;
const SENSE = / \[as [a-z ]+\]$/;
const HOISTED = /^(defineProps|withDefaults|defineOptions)$/; // by Vue's compiler, out of the setup

type Sentences = Record<string, string>; // by what they are in the source

/** src/i18n: a file for each language. What the service says has its English too, by code or, where it has none, by its Chinese. */
export interface Words {
  zh: { sentences: Sentences };
  en: { sentences: Sentences; problems: Sentences; service: Sentences; policy: Sentences };
}

/** The sentence itself, without the mark of its sense. */
export const plainOf = (sentence: string): string => sentence.replace(SENSE, "");

/** Says a sentence otherwise, given what it is in the source; null leaves it alone. */
type Teller = (sentence: string) => { number: number; chinese: string } | null;

interface Part {
  type: number;
  loc: { start: { offset: number }; end: { offset: number }; source: string };
  content: string & { loc: Part["loc"] };
  name: string;
  value?: Part;
  exp?: Part;
  props?: Part[];
  children?: Part[];
}
const [ELEMENT, TEXT, INTERPOLATION, ATTRIBUTE, BINDING] = [1, 2, 5, 6, 7];

/** Fit for a script, and within the quotes of an attribute. */
const quoted = (text: string): string => `'${text.replace(/[\\'"&<>\n]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`;

class File {
  readonly out: MagicString;
  told = 0;

  constructor(readonly code: string, private readonly name: string, private readonly tell: Teller) {
    this.out = new MagicString(code);
  }

  fail(text: string, why: string): never {
    throw new Error(`${this.name}: “${text}” ${why}`);
  }

  /** How the call for that sentence begins; its values and the bracket follow. */
  private opening(sentence: string): string | null {
    const told = this.tell(sentence);
    if (!told) return null;
    this.told += 1;
    return `${CALL}(${told.number}, ${quoted(told.chinese)}`;
  }

  /** The sentences of a script, or of an expression, that stands at `offset`. */
  script(code: string, offset: number, where: "module" | "setup" | "expression"): void {
    const file = ts.createSourceFile("it.ts", code, ts.ScriptTarget.Latest, true);
    const late = new Set<ts.PropertyAssignment>(); // that have become getters
    const visit = (node: ts.Node, isTop: boolean): void => {
      if (ts.isTypeNode(node)) return;
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return this.literal(node, code, offset, () => isTop && later(node));
      if (ts.isTemplateExpression(node)) this.template(node, offset, () => isTop && later(node));
      const isHoisted = ts.isCallExpression(node) && HOISTED.test(node.expression.getText());
      ts.forEachChild(node, (child) => visit(child, isHoisted || (isTop && !ts.isFunctionLike(node) && !ts.isPropertyDeclaration(node))));
    };
    const later = (node: ts.Node): void => {
      let owner = node.parent;
      while (owner && !ts.isPropertyAssignment(owner) && !ts.isObjectLiteralExpression(owner)) owner = owner.parent;
      if (!owner || !ts.isPropertyAssignment(owner)) this.fail(node.getText(), "is said once for all at the top of a module: let a function or an object say it");
      if (late.has(owner)) return;
      late.add(owner);
      this.out.prependLeft(offset + owner.getStart(), "get ");
      this.out.overwrite(offset + owner.name.end, offset + owner.initializer.getStart(), "() { return ");
      this.out.appendRight(offset + owner.end, "; }");
    };
    visit(file, where === "module");
  }

  private literal(node: ts.StringLiteralLike, code: string, offset: number, later: () => void): void {
    const sense = MARK.exec(code.slice(node.getFullStart(), node.getStart()))?.[1];
    if (!CHINESE.test(node.text) || sense === "is") return;
    const { parent } = node;
    const isCompared = (ts.isBinaryExpression(parent) && /^[!=]==?$/.test(parent.operatorToken.getText())) || ts.isCaseClause(parent);
    if (isCompared || (ts.isPropertyAssignment(parent) && parent.name === node)) this.fail(node.text, "is compared: let a word in English stand for it");
    const opening = this.opening(sense ? `${node.text} [as ${sense}]` : node.text);
    if (!opening) return;
    later();
    this.out.overwrite(offset + node.getStart(), offset + node.end, `${opening})`);
  }

  private template(node: ts.TemplateExpression, offset: number, later: () => void): void {
    const { head, templateSpans: spans } = node;
    const sentence = head.text + spans.map((span, index) => `{${index}}${span.literal.text}`).join("");
    if (!CHINESE.test(sentence)) return;
    const opening = this.opening(sentence);
    if (!opening) return;
    later();
    let from = node.getStart();
    spans.forEach(({ expression, literal }, index) => {
      this.out.overwrite(offset + from, offset + expression.getStart(), index ? ", " : `${opening}, `);
      from = expression.end;
      if (index === spans.length - 1) this.out.overwrite(offset + from, offset + literal.end, ")");
    });
  }

  /** The sentences of a template, below `part`. */
  markup(part: Part): void {
    let run: Part[] = [];
    for (const child of part.children ?? []) {
      if (child.type === TEXT || child.type === INTERPOLATION) {
        run.push(child);
        continue;
      }
      this.text(run);
      run = [];
      if (child.type !== ELEMENT) continue;
      child.props?.forEach((prop) => this.attribute(prop));
      this.markup(child);
    }
    this.text(run);
  }

  private attribute(prop: Part): void {
    const { type, name, value, exp, loc } = prop;
    if (type === ATTRIBUTE && value && CHINESE.test(value.content)) {
      const opening = this.opening(value.content);
      if (opening) this.out.overwrite(loc.start.offset, loc.end.offset, `:${name}="${opening})"`);
    } else if (type === BINDING && exp && CHINESE.test(exp.loc.source)) this.expression(exp.loc);
  }

  /** In brackets, so that an object is one; a handler's statements stand without. */
  private expression({ source, start }: Part["loc"]): void {
    const isStatement = /;|^\s*(if|const)\b/.test(source);
    if (isStatement) this.script(source, start.offset, "expression");
    else this.script(`(${source})`, start.offset - 1, "expression");
  }

  /** Text and what stands in it, with no other part in between: one sentence. */
  private text(run: Part[]): void {
    for (const { type, content } of run) if (type === INTERPOLATION && CHINESE.test(content.loc.source)) this.expression(content.loc);
    const values = run.filter(({ type }) => type === INTERPOLATION).map(({ content }) => content.loc);
    let count = 0;
    const sentence = run.map(({ type, content }) => (type === TEXT ? content : `{${count++}}`)).join("").replace(/\s+/g, " ").trim();
    if (!CHINESE.test(sentence)) return;
    const opening = this.opening(sentence);
    if (!opening) return;
    const [first, last] = [run[0], run.at(-1)] as [Part, Part];
    const start = first.loc.start.offset + (first.type === TEXT ? first.loc.source.length - first.loc.source.trimStart().length : 0);
    const end = last.loc.end.offset - (last.type === TEXT ? last.loc.source.length - last.loc.source.trimEnd().length : 0);
    let from = start;
    for (const [index, value] of values.entries()) {
      this.out.overwrite(from, value.start.offset, index ? ", " : `{{ ${opening}, `);
      from = value.end.offset;
    }
    this.out.overwrite(from, end, values.length ? ") }}" : `{{ ${opening}) }}`);
  }
}

/** A file of the source with its sentences told by `tell`; null where it has none. */
function told(code: string, name: string, tell: Teller): MagicString | null {
  if (!CHINESE.test(code)) return null;
  const file = new File(code, name, tell);
  if (name.endsWith(".ts")) {
    file.script(code, 0, "module");
    if (file.told) file.out.prepend(IMPORT);
    return file.told ? file.out : null;
  }
  const { scriptSetup, script, template } = parse(code, { ignoreEmpty: false }).descriptor;
  if (script) file.script(script.content, script.loc.start.offset, "module");
  if (scriptSetup) file.script(scriptSetup.content, scriptSetup.loc.start.offset, "setup");
  if (template?.ast) file.markup(template.ast as unknown as Part);
  if (!file.told) return null;
  if (scriptSetup) file.out.appendLeft(scriptSetup.loc.start.offset, IMPORT);
  else file.out.prepend(`<script setup lang="ts">${IMPORT}</script>`);
  return file.out;
}

/** A file of the source as it is built. */
export function inBoth(code: string, name: string, { zh, en }: Words): string | null {
  const numbers = new Map(Object.keys(en.sentences).map((sentence, number) => [sentence, number]));
  return told(code, name, (sentence) => {
    const number = numbers.get(sentence);
    return number === undefined || !en.sentences[sentence] ? null : { number, chinese: zh.sentences[sentence] ?? plainOf(sentence) };
  })?.toString() ?? null;
}

/** All that a file says, in order. */
export function sentencesOf(code: string, name: string): string[] {
  const found: string[] = [];
  told(code, name, (sentence) => ({ number: found.push(sentence), chinese: "" }));
  return found;
}

/** As much of pages.json as the phone says. */
export interface Pages {
  pages: { path: string; style: { navigationBarTitleText?: string } }[];
  subPackages: { root: string; pages: Pages["pages"] }[];
  tabBar: { list: { text: string }[] };
}

export const readPages = (text: string): Pages => JSON.parse(text.replace(/^\s*\/\/.*$/gm, "")) as Pages;

/** The titles of pages by path, and the words of tabs, which the framework reads. */
export function titlesOf({ pages, subPackages, tabBar }: Pages): { pages: [path: string, title: string][]; tabs: string[] } {
  const all = [...pages, ...subPackages.flatMap(({ root, pages: own }) => own.map((page) => ({ ...page, path: `${root}/${page.path}` })))];
  return { pages: all.map(({ path, style }) => [path, style.navigationBarTitleText ?? ""]), tabs: tabBar.list.map(({ text }) => text) };
}

/** All that the phone says: its titles, then its files, by path below the source. */
export function everySentence(pagesFile: string, files: Record<string, string>): string[] {
  const { pages, tabs } = titlesOf(readPages(pagesFile));
  const said = Object.keys(files).sort().flatMap((path) => sentencesOf(files[path] ?? "", path));
  return [...new Set([...pages.map(([, title]) => title), ...tabs, ...said])];
}
