/** A finger for whoever draws by keys: arrows move a cross, Enter puts it down and lifts it. Pure. */
import type { Point, Size } from "@/drawing/marks";

export interface Finger {
  begin(point: Point): void;
  move(point: Point): void;
  end(): void;
  undo(): void;
  /** Where keys will draw; null while it is a finger that draws. */
  hover(point: Point | null): void;
}

type Key = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "repeat">;

export interface Cross {
  /** Whether the key was for it: all others are the browser's. */
  press(key: Key): boolean;
  show(): void;
  /** What was being drawn ends where the cross stands. */
  hide(): void;
}

const STEP = 0.02; // of the longer side
const STRIDE = 5; // steps at once, with Shift
const PUT = ["Enter", " "];
const UNDO = ["Backspace", "Delete"];
const WAYS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const within = (share: number): number => Math.min(1, Math.max(0, share));

export function crossOf(finger: Finger, { width, height }: Size): Cross {
  const step = STEP * Math.max(width, height);
  let at: Point = [0.5, 0.5];
  let isDown = false;

  function go([across, down]: Point, steps: number): void {
    at = [within(at[0] + (across * steps * step) / width), within(at[1] + (down * steps * step) / height)];
    if (isDown) finger.move(at);
  }

  function put(down: boolean): void {
    if (down === isDown) return;
    if (down) finger.begin(at);
    else finger.end();
    isDown = down;
  }

  function act({ key, shiftKey, repeat }: Key): boolean {
    const way = WAYS[key];
    if (way) go(way, shiftKey ? STRIDE : 1);
    else if (PUT.includes(key)) put(repeat ? isDown : !isDown);
    else if (UNDO.includes(key)) undo();
    else return false;
    return true;
  }

  function undo(): void {
    isDown = false;
    finger.undo();
  }

  function press(key: Key): boolean {
    const isOurs = key.ctrlKey || key.metaKey || key.altKey ? isUndo(key) : act(key);
    if (isOurs) finger.hover(at);
    return isOurs;
  }

  function isUndo({ key, altKey, shiftKey }: Key): boolean {
    if (altKey || shiftKey || key !== "z") return false;
    undo();
    return true;
  }

  function hide(): void {
    put(false);
    finger.hover(null);
  }

  return { press, show: () => finger.hover(at), hide };
}
