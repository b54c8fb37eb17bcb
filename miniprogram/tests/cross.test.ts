import { describe, expect, it } from "vitest";

import { begun, extended, isDrawn, type Mark, type Point } from "@/drawing/marks";
import { crossOf, type Finger } from "@/pictures/cross";

const SIZE = { width: 200, height: 400 }; // a step is 8 pixels, in either direction
const near = (point: Point): number[] => point.map((share) => Math.round(share * 1000) / 1000);

/** A page with one tool, and the keys as a keyboard sends them: "Shift+ArrowUp", "Enter again" while it is held. */
function pageOf(tool: "arrow" | "blur" = "arrow") {
  const marks: Mark[] = [];
  const seen = { current: null as Mark | null, cross: null as Point | null, said: [] as string[] };
  const finger: Finger = {
    begin: (point) => (seen.current = begun(tool, point)),
    move: (point) => (seen.current = seen.current && extended(seen.current, point)),
    end: () => {
      seen.said.push("end");
      if (seen.current && isDrawn(seen.current, SIZE)) marks.push(seen.current);
      seen.current = null;
    },
    undo: () => (seen.current ? (seen.current = null) : marks.pop()),
    hover: (point) => (seen.cross = point),
  };
  const cross = crossOf(finger, SIZE);
  const press = (...keys: string[]): boolean[] => keys.map((each) => {
    const key = each.replace(/^(Shift|Control|Alt|Meta)\+| again$/g, "");
    return cross.press({ key, shiftKey: each.startsWith("Shift"), ctrlKey: each.startsWith("Control"), altKey: each.startsWith("Alt"), metaKey: each.startsWith("Meta"), repeat: each.endsWith("again") });
  });
  return { marks, seen, cross, press };
}

describe("a cross that keys move", () => {
  it("begins in the middle, goes as far across as down, five times as far with Shift, and stays on the picture", () => {
    const { seen, cross, press } = pageOf();
    cross.show();
    expect(seen.cross).toEqual([0.5, 0.5]);
    press("ArrowRight", "ArrowDown");
    expect(near(seen.cross ?? [0, 0])).toEqual([0.54, 0.52]);
    press("Shift+ArrowLeft");
    expect(near(seen.cross ?? [0, 0])).toEqual([0.34, 0.52]);
    press(...Array<string>(20).fill("Shift+ArrowUp"), ...Array<string>(20).fill("Shift+ArrowRight"));
    expect(seen.cross).toEqual([1, 0]);
  });

  it("draws from one Enter to the next, however long the first is held", () => {
    const { marks, press } = pageOf();
    press("Enter", "Enter again", "Enter again", "ArrowRight", "ArrowRight", " ", "ArrowRight");
    expect(marks.map((mark) => mark.kind !== "blur" && [near(mark.from), near(mark.to)])).toEqual([[[0.5, 0.5], [0.58, 0.5]]]);
  });

  it("blurs all of the way it goes", () => {
    const { marks, press } = pageOf("blur");
    press("Enter", "ArrowRight", "ArrowDown", "Enter");
    expect(marks.map((mark) => mark.kind === "blur" && mark.path.map(near))).toEqual([[[0.5, 0.5], [0.54, 0.5], [0.54, 0.52]]]);
  });

  it("takes back what is being drawn, then the marks from the last on", () => {
    const { marks, seen, press } = pageOf();
    press("Enter", "Shift+ArrowRight", "Enter", "Enter", "Shift+ArrowUp", "Backspace");
    expect([seen.current, marks.length]).toEqual([null, 1]);
    press("Enter"); // begins a new one, and does not end what is gone
    expect([Boolean(seen.current), seen.said.length]).toEqual([true, 1]);
    press("Delete", "Control+z");
    expect([seen.current, marks]).toEqual([null, []]);
  });

  it("goes when a finger comes or the focus leaves, and what was begun is ended", () => {
    const { marks, seen, cross, press } = pageOf();
    press("Enter", "Shift+ArrowRight");
    cross.hide();
    cross.hide();
    expect([marks.length, seen.cross, seen.said]).toEqual([1, null, ["end"]]);
  });

  it.each(["Tab", "Escape", "a", "Alt+ArrowLeft", "Control+Enter", "Control+a", "Control+Backspace"])("leaves %s to the browser", (key) => {
    const { seen, press } = pageOf();
    expect([press(key), seen.cross]).toEqual([[false], null]);
  });
});
