/** A record in its parts, put together and named. Pure. */
import type { FindingIn, SignatureIn, TalkIn } from "@/api/types";
import { copied, partsOf, type Noted } from "@/kinds/visit";
import type { Form } from "@/tasks/form";
import type { Parts } from "@/tasks/merge";
import { answerText, nameOf } from "@/tasks/words";

const WORDS = { visitedOn: "督导日期", situation: "督导情况", activities: "所督导单位开展活动情况" } as const;
type Word = keyof typeof WORDS;

/** In place of the one with that key, at its place; without it, at the end. */
function placed<T>(all: T[], isIt: (each: T) => boolean, value: T | null): T[] {
  if (value === null) return all.filter((each) => !isIt(each));
  return all.some(isIt) ? all.map((each) => (isIt(each) ? value : each)) : [...all, value];
}

function put(noted: Noted, path: string, value: unknown): void {
  const [side, key] = [path.slice(0, 1), path.slice(2)];
  if (path in WORDS) noted[path as Word] = (value as string | null) ?? "";
  else if (path === "talks") noted.talks = (value as TalkIn[] | null) ?? [];
  else if (side === "f") noted.findings = placed(noted.findings, (each) => each.id === key, value as FindingIn | null);
  else if (side === "g") noted.signatures = placed(noted.signatures, (each) => each.side === key, value as SignatureIn | null);
  else {
    const into: Record<string, unknown> = side === "a" ? noted.answers : noted.skipped;
    if (value === null) delete into[key];
    else into[key] = value;
  }
}

export const PARTS: Parts<Noted> = { of: partsOf, put, copied };

/** What a part is called, where the person has to choose. */
export function nameOfPart(form: Form | null, path: string, mine: Noted): string {
  if (path in WORDS) return WORDS[path as Word];
  if (path === "talks") return "谈话";
  if (path.startsWith("f.")) return `问题 ${mine.findings.findIndex(({ id }) => id === path.slice(2)) + 1 || ""}`.trim();
  if (path.startsWith("g.")) return path === "g.team" ? "督导组签字" : "企业签字";
  return nameOf(form, path);
}

/** What it says, in a few words. */
export function sayPart(form: Form | null, path: string, value: unknown): string {
  if (value === null || value === undefined) return "去掉了";
  if (path in WORDS) return String(value);
  if (path === "talks") return (value as TalkIn[]).map(({ people, words }) => `${people} 人：${words ?? ""}`).join("\n");
  if (path.startsWith("f.")) return [(value as FindingIn).place, (value as FindingIn).description, (value as FindingIn).suggestion].filter(Boolean).join("，");
  if (path.startsWith("g.")) return (value as SignatureIn).way === "refused" ? `没有签：${(value as SignatureIn).reason}` : ((value as SignatureIn).name ?? "");
  return answerText(form, path, value);
}
