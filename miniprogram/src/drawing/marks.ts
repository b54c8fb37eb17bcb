/** What can be drawn on a photo, and where that is in pixels. Pure: points are shares of the picture's width and height, so that a mark is the same on every size of it. */

export type Point = [number, number];
export type Tool = "arrow" | "circle" | "blur";
export type Mark = { kind: "arrow" | "circle"; from: Point; to: Point } | { kind: "blur"; path: Point[] };

export interface Size {
  width: number;
  height: number;
}

export interface Rect extends Size {
  x: number;
  y: number;
}

const BRUSH = 0.04; // of the longer side: the radius of a fingertip that blurs
const FINEST = 40; // cells along the longer side, at most
const ACROSS = 6; // cells across what was blurred in one go, at most: a face of any size is no more than these
const LEAST = 0.02; // of the longer side: what is shorter was a tap
const SIDES = 48; // of the polygon that stands for a circle: not every WeChat knows ellipses

const longer = ({ width, height }: Size): number => Math.max(width, height);
const at = ([x, y]: Point, { width, height }: Size): Point => [x * width, y * height];

/** How thick lines are drawn. */
export const lineWidthOn = (size: Size): number => Math.max(3, longer(size) / 130);

export function begun(tool: Tool, point: Point): Mark {
  return tool === "blur" ? { kind: "blur", path: [point] } : { kind: tool, from: point, to: point };
}

/** The finger has moved. */
export function extended(mark: Mark, point: Point): Mark {
  return mark.kind === "blur" ? { ...mark, path: [...mark.path, point] } : { ...mark, to: point };
}

/** Whether something is to be seen of it: an arrow or a circle takes more than a tap. */
export function isDrawn(mark: Mark, size: Size): boolean {
  if (mark.kind === "blur") return mark.path.length > 0;
  const [from, to] = [at(mark.from, size), at(mark.to, size)];
  return Math.hypot(to[0] - from[0], to[1] - from[1]) >= LEAST * longer(size);
}

/** Shaft and head of an arrow that points where the finger left. */
export function arrowOf(from: Point, to: Point, size: Size): { shaft: [Point, Point]; head: [Point, Point, Point] } {
  const [[x, y], tip] = [at(from, size), at(to, size)];
  const length = Math.hypot(tip[0] - x, tip[1] - y) || 1;
  const [along, across] = [(tip[0] - x) / length, (tip[1] - y) / length];
  const head = Math.min(length * 0.6, longer(size) * 0.05);
  const base: Point = [tip[0] - along * head, tip[1] - across * head];
  const half = head * 0.6;
  return {
    shaft: [[x, y], base],
    head: [tip, [base[0] - across * half, base[1] + along * half], [base[0] + across * half, base[1] - along * half]],
  };
}

/** The circle, or oval, that fills the box which the finger drew. */
export function circleOf(from: Point, to: Point, size: Size): Point[] {
  const [[left, top], [right, bottom]] = [at(from, size), at(to, size)];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return Array.from({ length: SIDES }, (_, index) => {
    const angle = (2 * Math.PI * index) / SIDES;
    return [x + (Math.cos(angle) * (right - left)) / 2, y + (Math.sin(angle) * (bottom - top)) / 2];
  });
}

/** The squares that a blurring finger touched, whole pixels within the picture: each becomes one colour. */
export function cellsOf(path: Point[], size: Size): Rect[] {
  const radius = BRUSH * longer(size);
  const points = dense(path.map((point) => at(point, size)), radius / 2);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs) - radius, Math.min(...ys) - radius];
  const across = Math.max(Math.max(...xs) - left, Math.max(...ys) - top) + radius;
  const cell = Math.ceil(Math.max(longer(size) / FINEST, across / ACROSS));
  const found = new Map<string, Rect>();
  for (const [x, y] of points) {
    for (let column = Math.floor((x - radius - left) / cell); column <= (x + radius - left) / cell; column += 1) {
      for (let row = Math.floor((y - radius - top) / cell); row <= (y + radius - top) / cell; row += 1) {
        const square = clipped(Math.floor(left) + column * cell, Math.floor(top) + row * cell, cell, size);
        if (square && distance([x, y], square) <= radius) found.set(`${column} ${row}`, square);
      }
    }
  }
  return [...found.values()];
}

function clipped(x: number, y: number, cell: number, { width, height }: Size): Rect | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const rect = { x: left, y: top, width: Math.min(width, x + cell) - left, height: Math.min(height, y + cell) - top };
  return rect.width > 0 && rect.height > 0 ? rect : null;
}

function distance([x, y]: Point, { x: left, y: top, width, height }: Rect): number {
  return Math.hypot(Math.max(left - x, 0, x - left - width), Math.max(top - y, 0, y - top - height));
}

/** The same way with no step longer than `step`. */
function dense(path: Point[], step: number): Point[] {
  return path.flatMap((to, index) => {
    const from = path[index - 1] ?? to;
    const count = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / step));
    return Array.from({ length: count }, (_, part): Point => {
      const share = (part + 1) / count;
      return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    });
  });
}

/** The smallest box that holds them all. */
export function boxOf(rects: Rect[]): Rect {
  const [x, y] = [Math.min(...rects.map((rect) => rect.x)), Math.min(...rects.map((rect) => rect.y))];
  return {
    x, y,
    width: Math.max(...rects.map((rect) => rect.x + rect.width)) - x,
    height: Math.max(...rects.map((rect) => rect.y + rect.height)) - y,
  };
}
