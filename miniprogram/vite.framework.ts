/**
 * uni-app's H5 framework comes as one file of 800 kB, of which the first screen would pay for whatever any page uses: date pickers, canvases,
 * text fields. Here it becomes two modules, so that the second travels with the pages that need it.
 *
 * A statement belongs to the first part if what the first screen uses refers to it, through however many others. Names are compared as
 * words, without their scopes: a namesake elsewhere makes the first part larger, never wrong. Who assigns to a name stands in its part, since
 * an import cannot be assigned to.
 */
import type { Plugin } from "vite";

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

interface Statement {
  text: string;
  names: string[]; // that it declares
  words: Set<string>; // that it mentions
  assigned: Set<string>;
}

type Part = "first" | "later";

const FILE = /\/@dcloudio\/uni-h5\/dist\/uni-h5\.es\.js$/;
const OWN = "@dcloudio/uni-h5"; // how the file imports itself
const ID = "\0uni-h5/";

/** What the app around the pages and the home page use. checks/check-h5.mjs fails if the first screen uses another. */
const FIRST = [
  "Button", "Image", "PageComponent", "Text", "View", "UniServiceJSBridge", "UniViewJSBridge", "getApp", "getCurrentPages", "getLocale",
  "getStorageSync", "hideLoading", "makePhoneCall", "navigateBack", "navigateTo", "plugin", "reLaunch", "redirectTo", "removeStorageSync",
  "removeTabBarBadge", "request", "setClipboardData", "setStorageSync", "setTabBarBadge", "setupApp", "setupPage", "setupWindow", "showLoading",
  "showModal", "showToast", "stopPullDownRefresh", "switchTab", "upx2px", "useI18n",
];

function walk(node: unknown, visit: (node: Node, parent: Node | null, key: string) => void, parent: Node | null = null, key = ""): void {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, visit, parent, key));
  if (!node || typeof (node as Node).type !== "string") return;
  visit(node as Node, parent, key);
  for (const [name, value] of Object.entries(node)) if (typeof value === "object") walk(value, visit, node as Node, name);
}

/** The names that a pattern binds or assigns: `{ a, b: [c] }` has a and c. */
function namesIn(pattern: Node | null): string[] {
  switch (pattern?.type) {
    case "Identifier": return [pattern.name as string];
    case "ObjectPattern": return (pattern.properties as Node[]).flatMap((one) => namesIn((one.value ?? one.argument) as Node));
    case "ArrayPattern": return (pattern.elements as (Node | null)[]).flatMap(namesIn);
    case "AssignmentPattern": return namesIn(pattern.left as Node);
    case "RestElement": return namesIn(pattern.argument as Node);
    default: return [];
  }
}

const isLabel = (parent: Node | null, key: string): boolean =>
  Boolean(parent && !parent.computed && (key === "property" || (key === "key" && !parent.shorthand)));

function statementOf(node: Node, code: string): Statement {
  const names = node.id ? namesIn(node.id as Node) : ((node.declarations ?? []) as Node[]).flatMap((one) => namesIn(one.id as Node));
  const statement: Statement = { text: code.slice(node.start, node.end), names, words: new Set(), assigned: new Set() };
  walk(node, (one, parent, key) => {
    if (one.type === "Identifier" && !isLabel(parent, key)) statement.words.add(one.name as string);
    if (one.type === "AssignmentExpression") namesIn(one.left as Node).forEach((name) => statement.assigned.add(name));
    if (one.type === "UpdateExpression") namesIn(one.argument as Node).forEach((name) => statement.assigned.add(name));
  });
  return statement;
}

/** What `code` has at its top: imports from others, its own names under which it imports itself, statements, and what it exports as what. */
function topOf(code: string, body: Node[]) {
  const top = {
    effects: [] as string[], // imports of styles
    foreign: new Map<string, string>(), // import statements by the name that they bind
    self: new Map<string, string>(),
    statements: [] as Statement[],
    exported: new Map<string, string>(),
  };
  for (const node of body) {
    const specifiers = (node.specifiers ?? []) as { local: Node; imported?: Node; exported?: Node }[];
    const source = (node.source as { value: string } | null)?.value ?? "";
    if (node.type === "ImportDeclaration" && !specifiers.length) top.effects.push(code.slice(node.start, node.end));
    else if (node.type === "ImportDeclaration") {
      for (const { local, imported } of specifiers) {
        const [here, there] = [local.name as string, imported?.name as string];
        if (source === OWN) top.self.set(here, there);
        else top.foreign.set(here, `import { ${there} as ${here} } from ${JSON.stringify(source)};`);
      }
    } else if (node.type === "ExportNamedDeclaration" && !node.declaration) {
      for (const { local, exported } of specifiers) top.exported.set(exported?.name as string, local.name as string);
    } else if (node.type.startsWith("Export")) throw new Error(`${OWN} exports in a way that vite.framework.ts does not know: ${node.type}`);
    else top.statements.push(statementOf(node, code));
  }
  return top;
}

/** The modules that take the place of `code`: the part that `wanted` exports need, the other, and the one that has the exports of both. */
export function partsOf(code: string, body: Node[], wanted: string[]): Record<Part | "whole", string> {
  const { effects, foreign, self, statements, exported } = topOf(code, body);
  const declaring = new Map(statements.flatMap((one) => one.names.map((name) => [name, one] as const)));
  const meant = (word: string): string => exported.get(self.get(word) ?? "") ?? word;
  const assigning = new Map<Statement, Statement[]>();
  for (const one of statements) {
    for (const name of one.assigned) {
      const declared = declaring.get(name);
      if (declared && declared !== one) assigning.set(declared, [...(assigning.get(declared) ?? []), one]);
    }
  }
  const mentioned = (one: Statement): Statement[] => [...one.words].flatMap((word) => declaring.get(meant(word)) ?? []);
  const first = new Set<Statement>();
  const left = wanted.map((name) => {
    const found = declaring.get(exported.get(name) ?? "");
    if (!found) throw new Error(`${OWN} exports no ${name} any more`);
    return found;
  });
  for (let one = left.pop(); one; one = left.pop()) {
    if (first.has(one)) continue;
    first.add(one);
    left.push(...mentioned(one), ...(assigning.get(one) ?? []));
  }
  // What only does something belongs to what it does it to.
  for (const one of statements) if (!one.names.length && mentioned(one).every((other) => first.has(other))) first.add(one);

  const partOf = (name: string): Part => (first.has(declaring.get(name) as Statement) ? "first" : "later");
  const write = (part: Part): string => {
    const own = statements.filter((one) => first.has(one) === (part === "first"));
    const words = new Set(own.flatMap((one) => [...one.words]));
    const imports = [...words].flatMap((word) => {
      if (foreign.has(word)) return foreign.get(word) as string;
      const name = meant(word);
      if (!declaring.has(name) || (name === word && partOf(name) === part)) return [];
      return `import { ${name} as ${word} } from ${JSON.stringify(ID + partOf(name))};`;
    });
    const names = own.flatMap((one) => one.names);
    return [...imports, ...own.map(({ text }) => text), `export { ${names.join(", ")} };`].join("\n");
  };
  const reexports = (["first", "later"] as const).map((part) => {
    const names = [...exported].filter(([, local]) => partOf(local) === part).map(([name, local]) => `${local} as ${name}`);
    return `export { ${names.join(", ")} } from ${JSON.stringify(ID + part)};`;
  });
  return { first: write("first"), later: write("later"), whole: [...effects, ...reexports].join("\n") };
}

/** Which part of the framework a module is, if it is one. */
export const partOfFramework = (id: string): Part | null => (id.startsWith(ID) ? (id.slice(ID.length) as Part) : null);

export function frameworkInParts(): Plugin {
  let origin = "";
  let parts: ReturnType<typeof partsOf> | null = null;
  return {
    name: "framework-in-parts",
    apply: "build",
    enforce: "post",
    async resolveId(source, importer) {
      if (partOfFramework(source)) return source;
      return importer && partOfFramework(importer) ? this.resolve(source, origin, { skipSelf: true }) : null;
    },
    load(id) {
      const part = partOfFramework(id);
      return part && parts ? { code: parts[part], moduleSideEffects: part === "first" } : null;
    },
    transform(code, id) {
      if (!FILE.test(id)) return null;
      origin = id;
      parts = partsOf(code, this.parse(code).body as unknown as Node[], FIRST);
      return { code: parts.whole, map: null };
    },
  };
}

/** The framework's text fields tell at most ten times a second what was typed: who pressed send in between sent less than they had typed, and what
 * followed was a change to a report under way, which then waited as a draft. */
export function typedAtOnce(): Plugin {
  return {
    name: "typed-at-once",
    enforce: "pre",
    transform(code, id) {
      if (!FILE.test(id)) return null;
      const told = code.replace(/(triggerInputFn = throttle\(\(event, detail\) => \{[^}]*\}, )100\)/, "$10)");
      if (told === code) this.error("text fields of the framework are not what typedAtOnce expects");
      return { code: told, map: null };
    },
  };
}
