/** An attempt as the phone keeps it: the paper, what is ticked, and which of it the server has. Pure. */
import type { Attempt, ExamAttempt } from "@/api/types";

/** What a paper belongs to: a level of the quiz, or the test after a training. */
export type Kind = "quiz" | "exam";
export type Paper = Attempt | ExamAttempt;

export interface Sheet {
  kind?: Kind; // "quiz" where none is said
  owner: string; // whose attempt; another person on this phone neither sees nor sends it
  attempt: Paper;
  chosen: Record<number, number[]>; // by position
  unsent: number[]; // positions whose answers the server does not have yet
  isHandingIn: boolean; // handed in by the worker, not yet received by the server
}

type Question = Paper["questions"][number];

/** What is kept, brought together with what the server says: its word counts, except where a newer answer has not reached it. */
export function merge(kept: Sheet | null, attempt: Paper, owner: string, kind: Kind = "quiz"): Sheet {
  const mine = kept && kept.attempt.id === attempt.id && kept.owner === owner ? kept : null;
  const unsent = mine ? mine.unsent : [];
  const chosen: Record<number, number[]> = {};
  for (const question of attempt.questions) {
    const here = mine?.chosen[question.position];
    chosen[question.position] = here && unsent.includes(question.position) ? here : question.chosen;
  }
  return { kind, owner, attempt, chosen, unsent: [...unsent], isHandingIn: mine?.isHandingIn ?? false };
}

/** What is ticked after a tap on an option: it alone, or one more or less where several may be right. */
export function afterTap(question: Pick<Question, "kind">, chosen: readonly number[], option: number): number[] {
  if (question.kind !== "multiple") return [option];
  return chosen.includes(option) ? chosen.filter((known) => known !== option) : [...chosen, option].sort((a, b) => a - b);
}

/** Whether one tap answers it, so that the next question may come by itself. */
export const goesOn = (question: Pick<Question, "kind">): boolean => question.kind !== "multiple";

/** Tick an option. */
export function tap(sheet: Sheet, position: number, option: number): void {
  const question = sheet.attempt.questions.find((known) => known.position === position);
  if (!question) return;
  sheet.chosen[position] = afterTap(question, sheet.chosen[position] ?? [], option);
  if (!sheet.unsent.includes(position)) sheet.unsent.push(position);
}

/** The server has what was sent; an answer changed meanwhile must go again. */
export function arrived(sheet: Sheet, position: number, sent: readonly number[]): void {
  if (same(sheet.chosen[position] ?? [], sent)) sheet.unsent = sheet.unsent.filter((known) => known !== position);
}

export function same(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((option, index) => option === other[index]);
}

export const isAnswered = (sheet: Sheet, position: number): boolean => (sheet.chosen[position]?.length ?? 0) > 0;

export function countOpen(sheet: Sheet): number {
  return sheet.attempt.questions.filter(({ position }) => !isAnswered(sheet, position)).length;
}

/** The answers that go along when it is handed in. */
export function unsentAnswers(sheet: Sheet): { position: number; chosen: number[] }[] {
  return sheet.unsent.map((position) => ({ position, chosen: [...(sheet.chosen[position] ?? [])] }));
}

export type Keeping = "saved" | "saving" | "kept" | "unkept";

/** How safe the answers are, in words that promise no more than is true. `offline`: no answer came; else the server is in trouble. */
export function keepingText(keeping: Keeping, unsent: number, offline: boolean): string {
  switch (keeping) {
    case "saved":
      return "已保存";
    case "saving":
      return "正在保存…";
    case "kept":
      return `${offline ? "没信号" : "服务忙"}，${unsent} 题已存在手机里，会自动补传`;
    case "unkept":
      return "手机空间满了，没传上去的答案关掉就没了";
  }
}

/** Whether the server's own clock says that the time is over. */
export const isOver = (attempt: Paper): boolean => Date.parse(attempt.now) >= Date.parse(attempt.deadline_at);
