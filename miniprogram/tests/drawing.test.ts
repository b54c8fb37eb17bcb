import { describe, expect, it, vi } from "vitest";

import { arrowOf, begun, cellsOf, circleOf, extended, isDrawn, type Point } from "@/drawing/marks";
import { paintLines, paintMarks, wrapped, type Context } from "@/drawing/paint";

const SIZE = { width: 800, height: 600 };

/** A board of pixels: each begins as one of its own. What is stroked and written is noted. */
function boardOf({ width, height } = SIZE) {
  const data = new Uint8ClampedArray(4 * width * height).map((_, index) => (index % 4 === 3 ? 255 : (index * 7919) % 251));
  const seen = { strokes: [] as string[], words: [] as { text: string; x: number; y: number }[], rects: [] as number[][] };
  const context = {
    fillStyle: "", strokeStyle: "", lineWidth: 0, font: "",
    getImageData: (x: number, y: number, across: number, down: number) => {
      const part = new Uint8ClampedArray(4 * across * down);
      for (let row = 0; row < down; row += 1) part.set(data.subarray(4 * ((y + row) * width + x), 4 * ((y + row) * width + x + across)), 4 * row * across);
      return { data: part };
    },
    fillRect: (x: number, y: number, across: number, down: number) => {
      seen.rects.push([x, y, across, down]);
      const colour = (context.fillStyle.match(/\d+/g) ?? []).map(Number);
      for (let row = y; row < y + down; row += 1) for (let column = x; column < x + across; column += 1) data.set(colour.slice(0, 3), 4 * (row * width + column));
    },
    stroke: () => seen.strokes.push(context.strokeStyle),
    measureText: (text: string) => ({ width: text.length * 20 }),
    fillText: (text: string, x: number, y: number) => seen.words.push({ text, x, y }),
    beginPath: vi.fn(), closePath: vi.fn(), fill: vi.fn(), lineTo: vi.fn(), moveTo: vi.fn(),
  };
  return { context: context as unknown as Context, data, seen, pixel: (x: number, y: number) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)].join() };
}

describe("marks", () => {
  it("an arrow points where the finger left, a circle fills the finger's box, on whatever size", () => {
    const { shaft, head } = arrowOf([0.1, 0.5], [0.6, 0.5], SIZE);
    expect([shaft[0], head[0]]).toEqual([[80, 300], [480, 300]]);
    expect(shaft[1][0]).toBeLessThan(480);
    expect(head[1][1] - 300).toBeCloseTo(300 - head[2][1]);
    const circle = circleOf([0.75, 0.5], [0.25, 0.25], SIZE); // drawn from the lower right
    expect([Math.min(...circle.map(([x]) => x)), Math.max(...circle.map(([x]) => x))]).toEqual([200, 600]);
    expect([Math.min(...circle.map(([, y]) => y)), Math.max(...circle.map(([, y]) => y))]).toEqual([150, 300]);
  });

  it.each<[string, "arrow" | "circle" | "blur", Point, boolean]>([
    ["a tap with an arrow is nothing", "arrow", [0.501, 0.5], false],
    ["a pull is an arrow", "arrow", [0.7, 0.7], true],
    ["a tap that blurs blurs what is below the finger", "blur", [0.5, 0.5], true],
  ])("%s", (_name, tool, to, drawn) => {
    expect(isDrawn(extended(begun(tool, [0.5, 0.5]), to), SIZE)).toBe(drawn);
  });

  it("a face of any size is at most some seven cells across, and the cells lie within the picture", () => {
    for (const extent of [0, 0.05, 0.3, 1]) {
      const cells = cellsOf([[0, 0], [extent, 0], [extent, extent], [0, extent]], SIZE);
      const across = new Set(cells.map(({ x }) => x)).size;
      expect(across).toBeLessThanOrEqual(7);
      expect(cells.every(({ x, y, width, height }) => x >= 0 && y >= 0 && x + width <= 800 && y + height <= 600)).toBe(true);
      expect(cells.every(({ width, height }) => Number.isInteger(width) && Number.isInteger(height))).toBe(true);
    }
  });

  it("blurring leaves nothing of the pixels below the finger, and all of those elsewhere", () => {
    const { context, data, seen, pixel } = boardOf();
    const before = data.slice();
    const path: Point[] = [[0.5, 0.5], [0.6, 0.55]];
    paintMarks(context, SIZE, [{ kind: "arrow", from: [0, 0], to: [0.5, 0.5] }, { kind: "blur", path }]);
    for (const { x, y, width, height } of cellsOf(path, SIZE)) {
      const colours = new Set<string>();
      for (let row = y; row < y + height; row += 1) for (let column = x; column < x + width; column += 1) colours.add(pixel(column, row));
      expect(colours.size).toBe(1);
    }
    for (const [x, y] of path) for (let turn = 0; turn < 8; turn += 1) { // all below the fingertip is of some cell
      const [column, row] = [Math.round(x * 800 + 31 * Math.cos(turn)), Math.round(y * 600 + 31 * Math.sin(turn))];
      expect(seen.rects.some(([left = 0, top = 0, w = 0, h = 0]) => column >= left && column < left + w && row >= top && row < top + h)).toBe(true);
    }
    expect(pixel(10, 590)).toBe([...before.subarray(4 * (590 * 800 + 10), 4 * (590 * 800 + 10) + 3)].join());
    expect(seen.strokes.length).toBe(4); // the arrow's, after the blur: it is never hidden
  });
});

describe("words on a photo", () => {
  it("stand in the lower left corner, in as many rows as they need and no more than three", () => {
    const { context, seen } = boardOf();
    paintLines(context, SIZE, ["2026-11-30 08:30 拍摄", "青岛蓝海船舶修造有限公司".repeat(12)]);
    expect(seen.words.map(({ text }) => text.length)).toEqual([19, 37, 37]);
    expect(seen.words.at(-1)?.text.endsWith("…")).toBe(true);
    expect(seen.words.every(({ x, y }) => x < 100 && y > 450 && y < 600)).toBe(true);
    expect(wrapped("一二三", 40, 2, (text) => text.length * 20)).toEqual(["一二", "三"]);
  });
});
