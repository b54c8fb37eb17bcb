/** Answers in words, and when a task is due. */
import type { TaskLine } from "@/api/types";
import { partsOf, same, type Content } from "@/kinds/response";
import { dayText, midnightOf } from "@/lib/time";
import { fieldsOf, RESULTS, YES_NO, type CheckAnswer, type Field, type Form, type PersonAnswer, type Row } from "@/tasks/form";
import { isNothing } from "@/tasks/rules";

const DAY = 24 * 3600 * 1000; // ms

/** What is called so in an answer, by its path: `a.<field>`, `s.<part>`, `text`. */
export function nameOf(form: Form | null, path: string): string {
  const key = path.slice(2);
  if (path === "text") return "回复";
  if (path.startsWith("s.")) return `${form?.sections?.find((section) => section.key === key)?.title ?? key}：不涉及`;
  return fieldOf(form, key)?.label ?? key;
}

/** What was sent last for that part, in words, where it is another than what is written now; else nothing. */
export function beforeText(form: Form | null, path: string, before: Content | null, now: Content): string {
  if (!before) return "";
  const [then, here] = [partsOf(before).get(path), partsOf(now).get(path)];
  return same(then, here) ? "" : answerText(form, path, then);
}

const fieldOf = (form: Form | null, key: string): Field | undefined => fieldsOf(form ?? {}).find((field) => field.key === key);

/** An answer as a person would say it. */
export function answerText(form: Form | null, path: string, value: unknown): string {
  if (isNothing(value)) return path.startsWith("s.") ? "逐项填" : "没有填";
  const field = path.startsWith("a.") ? fieldOf(form, path.slice(2)) : undefined;
  return field ? valueText(field, value) : String(value);
}

function valueText(field: Field, value: unknown): string {
  switch (field.kind) {
    case "one_of":
      return labelOf(field.choices, value);
    case "several_of":
      return (value as unknown[]).map((key) => labelOf(field.choices, key)).join("、");
    case "yes_no":
      return labelOf(YES_NO, value ? "yes" : "no");
    case "photo":
      return `${(value as unknown[]).length} 张照片`;
    case "file":
      return `${(value as unknown[]).length} 个文件`;
    case "person":
      return Object.values(value as PersonAnswer).filter(Boolean).join(" ");
    case "check":
      return checkText(value as CheckAnswer);
    case "table":
      return (value as Row[]).map((row, number) => `第 ${number + 1} 行：${rowText(field.columns, row)}`).join("\n");
    default:
      return String(value);
  }
}

const labelOf = (choices: { key: string; label: string }[], key: unknown): string => choices.find((each) => each.key === key)?.label ?? String(key);

function checkText({ result, words, photos }: CheckAnswer): string {
  const found = RESULTS.find(({ value }) => value === result)?.label ?? "还没选结果";
  return [found, words, photos?.length ? `${photos.length} 张照片` : ""].filter(Boolean).join("，");
}

const rowText = (columns: Field[], row: Row): string =>
  columns.filter(({ key }) => !isNothing(row[key])).map((column) => `${column.label} ${valueText(column, row[column.key])}`).join("，");

/** “12月5日截止，还有 6 天”, “今天截止”, “已超过 3 天”. */
export function dueText({ due_on: due, is_overdue: isOverdue }: Pick<TaskLine, "due_on" | "is_overdue">, now: Date = new Date()): string {
  if (!due) return "没有截止日期";
  const days = Math.round((Date.parse(`${due}T00:00:00+08:00`) - midnightOf(now.getTime())) / DAY);
  const day = dayText(`${due}T00:00:00+08:00`, now);
  if (isOverdue && days < 0) return `${day}截止，已超过 ${-days} 天`;
  if (days < 0) return `${day}截止`;
  return days === 0 ? "今天截止" : `${day}截止，还有 ${days} 天`;
}

const TONES: Record<string, string> = { returned: "warn", submitted: "brand", accepted: "ok", begun: "brand" };
/** The colour of a state. */
export const toneOf = (status: string): string => TONES[status] ?? "plain";
