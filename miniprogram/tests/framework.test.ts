import { parseAst } from "rollup/parseAst";
import { describe, expect, it } from "vitest";

import { partsOf } from "../vite.framework";

const CODE = `
import { ref } from "vue";
import { toast as own } from "@dcloudio/uni-h5";
import "shadow.css";
let count = 0;
function add() { count += 1; }
const view = () => count;
function toast() { return ref(1); }
class Canvas { draw() { own(); return { view: 1 }.view; } }
Canvas.prototype.more = function () {};
view.title = "x";
const unused = 1;
export { view as View, toast, Canvas, unused };
`;

const parts = (wanted: string[]) => partsOf(CODE, parseAst(CODE).body as never, wanted);

describe("the framework in parts", () => {
  it("puts into the first what is wanted there, what that mentions, and who assigns to it", () => {
    const { first, later } = parts(["View"]);
    for (const text of ["let count", "function add()", "const view", "view.title"]) expect([text, first.includes(text), later.includes(text)]).toEqual([text, true, false]);
    for (const text of ["class Canvas", "prototype.more", "function toast()", 'from "vue"']) expect([text, first.includes(text), later.includes(text)]).toEqual([text, false, true]);
  });

  it("lets the later part take from the first under the name that it uses, and styles come with both", () => {
    const { later, whole } = parts(["View", "toast"]);
    expect(later).toContain('import { toast as own } from "\0uni-h5/first"'.replace("\0", "\\u0000"));
    expect(whole).toContain('import "shadow.css"');
    expect(whole).toMatch(/export \{ view as View, toast as toast \} from .*first/);
    expect(whole).toMatch(/export \{ Canvas as Canvas, unused as unused \} from .*later/);
  });

  it("says which name the framework has no more", () => {
    expect(() => parts(["View", "Gone"])).toThrow("Gone");
  });
});
