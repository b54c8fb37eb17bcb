/** What stands in the code on the trainer's screen. */
import type { Door } from "@/api/types";

export interface Scanned {
  sessionId: string;
  door: Door;
  code: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Of a link like `…/h5/#/training/pages/check-in?s=…&p=in&c=123456`; null for any other code. */
export function readCode(text: string): Scanned | null {
  const [path, query] = text.split("?", 2);
  if (!path?.endsWith("/training/pages/check-in") || !query) return null;
  const found = new Map(query.split("&").map((part) => part.split("=", 2) as [string, string]));
  return fromQuery({ s: found.get("s"), p: found.get("p"), c: found.get("c") });
}

/** The same of a page's query. */
export function fromQuery({ s, p, c }: Record<string, string | undefined>): Scanned | null {
  if (!s || !UUID.test(s) || !/^\d{6}$/.test(c ?? "") || (p !== "in" && p !== "out")) return null;
  return { sessionId: s, door: p === "in" ? "check-in" : "check-out", code: c as string };
}

/** Six digits, however they were typed; null while they are not whole. */
export function typedCode(text: string): string | null {
  const digits = text.replace(/[\s-]/g, "").replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
  return /^\d{6}$/.test(digits) ? digits : null;
}
