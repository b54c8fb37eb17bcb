/** What stands in the way of sending a record, as the server says it too. Pure. */
import type { FindingIn, SignatureIn } from "@/api/types";
import type { Noted } from "@/kinds/visit";
import type { Form } from "@/tasks/form";
import { checkAnswers } from "@/tasks/rules";

export const SIDES = [
  { key: "team", name: "督导组" },
  { key: "enterprise", name: "企业" },
] as const;
export const KINDS = [
  { key: "people", label: "人的不安全行为" },
  { key: "things", label: "物的不安全状态" },
  { key: "surroundings", label: "环境的不安全因素" },
  { key: "management", label: "管理缺陷" },
];
export const gradeNames = (): string[] => ["重大", "较大", "一般", "较小"];
export type Part = "form" | "talks" | "findings" | "sign";

/** Those of an authority's words that stand in what the enterprise is to read, however they are spaced. */
export function ordersIn(noted: Noted, orders: string[]): string[] {
  const found = noted.findings.flatMap(({ description, suggestion, measures = "", emergency_plan = "" }) => [description, suggestion, measures, emergency_plan]);
  const said = [noted.situation, ...found];
  const text = said.map((each) => each.replace(/\s/g, "")).join("\n");
  return orders.filter((each) => text.includes(each));
}

/** What a finding lacks, by its field. */
export function lacksOf(finding: FindingIn): Record<string, string> {
  const wanted = { place: "写位置", description: "写问题", suggestion: "写建议", due_on: "选日期" } as const;
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => !String(finding[key as keyof typeof wanted] ?? "").trim()));
}

export function lacksOfSignature({ way, name, reason, witness }: SignatureIn): Record<string, string> {
  if (way !== "refused") return name?.trim() ? {} : { name: "写签字人的姓名" };
  return { ...(reason?.trim() ? {} : { reason: "写为什么不签" }), ...(witness?.trim() ? {} : { witness: "写在场的见证人" }) };
}

/** The first thing that is missing or wrong, and where; null when all is well. */
export function firstGap(noted: Noted, form: Form | null, orders: string[], today: string): { part: Part; words: string } | null {
  const wrong = form ? Object.keys(checkAnswers(form, noted.answers, noted.skipped, true).errors).length : 0;
  if (wrong) return { part: "form", words: `检查表还有 ${wrong} 处没填好` };
  if (noted.talks.some(({ people }) => !(people >= 1))) return { part: "talks", words: "谈话要写几个人" };
  const open = noted.findings.findIndex((each) => Object.keys(lacksOf(each)).length);
  if (open >= 0) return { part: "findings", words: `第 ${open + 1} 个问题没写完` };
  const found = ordersIn(noted, orders);
  if (found.length) return { part: "findings", words: `“${found.join("、")}”不能写进督导意见，请写成建议` };
  if (!noted.visitedOn || noted.visitedOn > today) return { part: "sign", words: "督导日期不对" };
  if (noted.signatures.some((each) => Object.keys(lacksOfSignature(each)).length)) return { part: "sign", words: "签字还没填完" };
  return null;
}
