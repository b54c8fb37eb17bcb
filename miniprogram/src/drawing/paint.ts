/** Draws on a board with the picture on it: the copy that goes out, and, smaller, what the finger sees meanwhile. */
import { arrowOf, boxOf, cellsOf, circleOf, lineWidthOn, type Mark, type Point, type Rect, type Size } from "@/drawing/marks";

/** As much of a canvas's context as is used: browsers' and WeChat's have it alike. */
export type Context = Pick<
  CanvasRenderingContext2D,
  "beginPath" | "closePath" | "fill" | "fillRect" | "fillStyle" | "fillText" | "font" | "getImageData" | "lineCap" | "lineJoin" | "lineTo" | "lineWidth"
  | "measureText" | "moveTo" | "stroke" | "strokeStyle" | "textBaseline"
>;

const INK = "#e1002d";
const RIM = "#ffffff"; // around the ink, so that it is seen on red as well
const UNDER_CROSS = "#1b2733";
const TRAIL = "rgba(90, 100, 110, 0.6)";
const SAMPLES = 16; // pixels along a cell's side that its colour is the mean of

/** Marks in the order in which they are seen: what is blurred lies below arrows and circles. */
export function paintMarks(context: Context, size: Size, marks: Mark[]): void {
  for (const mark of marks) if (mark.kind === "blur") pixelate(context, size, mark.path);
  for (const mark of marks) {
    if (mark.kind === "arrow") paintArrow(context, size, mark.from, mark.to);
    if (mark.kind === "circle") paintCircle(context, size, mark.from, mark.to);
  }
}

/** Where the finger is blurring: the pixels go when it leaves. */
export function paintTrail(context: Context, size: Size, path: Point[]): void {
  context.fillStyle = TRAIL;
  for (const { x, y, width, height } of cellsOf(path, size)) context.fillRect(x, y, width, height);
}

/** The pixels themselves go: each cell is filled with the mean of what it held, and nothing lies below. */
function pixelate(context: Context, size: Size, path: Point[]): void {
  const cells = cellsOf(path, size);
  if (!cells.length) return;
  const box = boxOf(cells);
  const { data } = context.getImageData(box.x, box.y, box.width, box.height);
  for (const cell of cells) {
    context.fillStyle = meanOf(data, box, cell);
    context.fillRect(cell.x, cell.y, cell.width, cell.height);
  }
}

function meanOf(data: Uint8ClampedArray, box: Rect, cell: Rect): string {
  const step = Math.max(1, Math.floor(Math.min(cell.width, cell.height) / SAMPLES));
  const sum = [0, 0, 0];
  let count = 0;
  for (let y = cell.y - box.y; y < cell.y - box.y + cell.height; y += step) {
    for (let x = cell.x - box.x; x < cell.x - box.x + cell.width; x += step, count += 1) {
      const place = 4 * (y * box.width + x);
      for (let colour = 0; colour < 3; colour += 1) sum[colour] = (sum[colour] ?? 0) + (data[place + colour] ?? 0);
    }
  }
  return `rgb(${sum.map((each) => Math.round(each / count)).join(", ")})`;
}

function paintArrow(context: Context, size: Size, from: Point, to: Point): void {
  const { shaft, head } = arrowOf(from, to, size);
  twice(context, size, (colour) => {
    trace(context, shaft);
    context.stroke();
    trace(context, head);
    context.closePath();
    context.stroke();
    context.fillStyle = colour;
    context.fill();
  });
}

function paintCircle(context: Context, size: Size, from: Point, to: Point): void {
  twice(context, size, () => {
    trace(context, circleOf(from, to, size));
    context.closePath();
    context.stroke();
  });
}

/** Where keys will draw, on top of everything: on the screen only, and unlike any mark. */
export function paintCross(context: Context, size: Size, [across, down]: Point): void {
  const [x, y, arm] = [across * size.width, down * size.height, lineWidthOn(size) * 5];
  for (const [colour, share] of [[UNDER_CROSS, 1.6], [RIM, 0.8]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidthOn(size) * share;
    trace(context, [[x - arm, y], [x + arm, y]]);
    context.stroke();
    trace(context, [[x, y - arm], [x, y + arm]]);
    context.stroke();
  }
}

/** First the rim, then the ink. */
function twice(context: Context, size: Size, draw: (colour: string) => void): void {
  context.lineCap = context.lineJoin = "round";
  for (const [colour, share] of [[RIM, 1.8], [INK, 1]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = lineWidthOn(size) * share;
    draw(colour);
  }
}

function trace(context: Context, points: Point[]): void {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
}

/** Lines of words in the lower left corner: white on a dark ground, read on any picture. */
export function paintLines(context: Context, size: Size, lines: string[]): void {
  if (!lines.length) return;
  const height = Math.max(14, Math.round(size.width / 30)); // 12 px on a phone's screen
  const [margin, step] = [Math.round(height * 0.5), Math.round(height * 1.35)];
  context.font = `600 ${height}px sans-serif`;
  context.textBaseline = "top";
  const widthOf = (text: string): number => context.measureText(text).width;
  const rows = lines.flatMap((line, index) => wrapped(line, size.width - 4 * margin, index ? 2 : 1, widthOf));
  const top = size.height - rows.length * step - margin;
  context.fillStyle = "rgba(0, 0, 0, 0.62)";
  context.fillRect(0, top - margin, Math.min(size.width, Math.max(...rows.map(widthOf)) + 2 * margin), size.height - top + margin);
  context.fillStyle = "#ffffff";
  rows.forEach((row, index) => context.fillText(row, margin, top + index * step));
}

/** The text in rows no wider than `most`; what does not fit into `rows` of them ends in an ellipsis. */
export function wrapped(text: string, most: number, rows: number, widthOf: (text: string) => number): string[] {
  const found = [""];
  for (const letter of text) {
    const row = found.length - 1;
    if (widthOf(found[row] + letter) <= most || !found[row]) found[row] += letter;
    else if (found.length < rows) found.push(letter);
    else {
      found[row] = `${(found[row] ?? "").slice(0, -1)}…`;
      break;
    }
  }
  return found;
}
