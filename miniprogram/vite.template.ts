/** What WeChat writes otherwise than a browser, put right in every template when it is built. */
import { relative } from "node:path";

/** As much of a template's parts as is looked at: the compiler's own types are not exported. */
interface Part {
  type: number;
  name?: string;
  arg?: { content: string; isStatic?: boolean };
  props?: Part[];
  children?: Part[];
  loc: object;
}
const ROOT = 0;
const ELEMENT = 1;
const ATTRIBUTE = 6;
const BINDING = 7;

/** WeChat reads a role from `aria-role`; of `role` it takes no notice. */
function nameRole(part: Part): void {
  for (const prop of part.props ?? []) {
    if (prop.type === ATTRIBUTE && prop.name === "role") prop.name = "aria-role";
    if (prop.type === BINDING && prop.name === "bind" && prop.arg?.content === "role") prop.arg.content = "aria-role";
  }
}

/** A page's variables hang on its `page`, which only `page-meta`, the first part of its template, can reach. */
function wearStyle(page: Part): void {
  const { loc } = page;
  const word = (content: string, isStatic: boolean): object => ({ type: 4, content, isStatic, constType: isStatic ? 3 : 0, loc });
  const style = { type: BINDING, name: "bind", arg: word("page-style", true), exp: word("$pageStyle", false), modifiers: [], loc };
  const meta = { type: ELEMENT, ns: 0, tag: "page-meta", tagType: 0, isSelfClosing: true, props: [style], children: [], loc };
  page.children?.unshift(meta as unknown as Part);
}

/** For the compiler's `nodeTransforms`; `pages` are paths below `source`, as pages.json names them. */
export function asWeChatWrites(source: string, pages: string[]) {
  return (part: object, context: { filename?: string }): void => {
    const it = part as Part;
    if (it.type === ELEMENT) nameRole(it);
    if (it.type === ROOT && pages.includes(relative(source, context.filename ?? "").replace(/\.vue.*$/, ""))) wearStyle(it);
  };
}
