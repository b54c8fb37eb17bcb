/** What a share card says, and how it is drawn: on a canvas, the same in WeChat and in a browser. */
import type { Card } from "@/lib/sharing";

export const WIDTH = 600;
export const HEIGHT = 800;
const BRAND = "#0B5FA5";
const DEEP = "#083F70";
const GOLD = "#F2B705";
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** What both canvases understand of the browser's. */
type Pen = Pick<
  CanvasRenderingContext2D,
  "fillStyle" | "strokeStyle" | "lineWidth" | "font" | "textAlign" | "fillRect" | "fillText" | "beginPath" | "moveTo" | "lineTo" | "bezierCurveTo" | "closePath" | "fill" | "stroke" | "measureText"
>;

/** What the address says; anything else is a card of taking part. */
export function readCard(options: Record<string, string | undefined> = {}): Card {
  const kind = (["level", "exam"] as const).find((known) => known === options.kind) ?? "report";
  const whole = (text: string | undefined, most: number): number => Math.min(most, Math.max(0, Math.floor(Number(text)) || 0));
  return { kind, title: decoded(options.title ?? "").slice(0, 40), score: whole(options.score, 100), stars: whole(options.stars, 3) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The words, the largest first. */
export function wordsOf({ kind, title, score }: Card): { head: string; lines: string[] } {
  if (kind === "report") return { head: "我参加了", lines: ["安全随手拍", "看到危险拍一张，工会来管"] };
  return { head: `${score} 分`, lines: [title, kind === "level" ? "我在学安全知识，你也来试试" : "培训后的测验，我答完了"] };
}

/** For whoever cannot see it, and as the title of a message. */
export const sentenceOf = (card: Card): string => {
  const { head, lines } = wordsOf(card);
  return card.kind === "report" ? "我参加了安全随手拍：看到危险拍一张，工会来管" : `${lines[0]}：${head}`;
};

export function draw(pen: Pen, card: Card, foot: string): void {
  const { head, lines } = wordsOf(card);
  pen.fillStyle = BRAND;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = DEEP;
  pen.fillRect(0, HEIGHT - 130, WIDTH, 130);
  drawShield(pen, WIDTH / 2, 170);
  pen.textAlign = "center";
  pen.fillStyle = "#FFFFFF";
  write(pen, head, card.kind === "report" ? 60 : 96, 400);
  if (card.kind === "level") write(pen, "★★★☆☆☆".slice(3 - card.stars, 6 - card.stars), 60, 490, GOLD);
  write(pen, lines[0] ?? "", card.kind === "report" ? 80 : 38, card.kind === "level" ? 560 : 500);
  write(pen, lines[1] ?? "", 30, 610);
  write(pen, foot, 26, HEIGHT - 58);
}

function drawShield(pen: Pen, x: number, y: number): void {
  pen.beginPath();
  pen.moveTo(x, y - 92);
  pen.lineTo(x + 84, y - 58);
  pen.lineTo(x + 84, y + 10);
  pen.bezierCurveTo(x + 84, y + 66, x + 46, y + 102, x, y + 120);
  pen.bezierCurveTo(x - 46, y + 102, x - 84, y + 66, x - 84, y + 10);
  pen.lineTo(x - 84, y - 58);
  pen.closePath();
  pen.fillStyle = "#FFFFFF";
  pen.fill();
  pen.beginPath();
  pen.moveTo(x - 36, y + 10);
  pen.lineTo(x - 8, y + 40);
  pen.lineTo(x + 42, y - 24);
  pen.strokeStyle = BRAND;
  pen.lineWidth = 18;
  pen.stroke();
}

/** One line, smaller where it would not fit. */
function write(pen: Pen, text: string, size: number, y: number, colour = "#FFFFFF"): void {
  pen.fillStyle = colour;
  let fitting = size;
  for (; fitting > 20; fitting -= 2) {
    pen.font = `600 ${fitting}px ${FONT}`;
    if (pen.measureText(text).width <= WIDTH - 60) break;
  }
  pen.fillText(text, WIDTH / 2, y);
}
