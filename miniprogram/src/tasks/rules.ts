/**
 * What an answer to a form may be: the same as server/assignments/forms/rules.py says, word for word. tests/form-cases.json is made by the
 * server's rules and run through these.
 */
import { compare, readAmount, written, type Amount } from "@/tasks/amount";
import { cleanLine, cleanProse, foldWidth, lengthOf, readPhone } from "@/tasks/clean";
import {
  fieldsOf, figuresOf, RESULTS,
  type AmountField, type Answers, type CheckAnswer, type Choice, type Column, type DateField, type Field, type Form, type IntegerField,
  type PersonAnswer, type Row, type SeveralOfField, type Skipped, type TableField,
} from "@/tasks/form";

const MOST_LINE = 200;
const MOST_REASON = 500;
const MOST_PHOTOS = 9;
const MOST_NAME = 40;
const MOST_CHOICES = 100;
const FEN = 2;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const QUOTED = /\{\{([^{}]*)\}\}/g;
const PHONE = /^[0-9+][0-9 -]{4,18}$/;

/** Why a value is not taken; `at` is the place within it. */
class Refusal extends Error {
  constructor(message: string, readonly at = "") {
    super(message);
  }
}

/** Answers as they are kept, and what is wrong with the rest, by path (`f3`, `f3.0.amount`, `heating`). */
export interface Checked {
  answers: Answers;
  skipped: Skipped;
  errors: Record<string, string>;
}

/** Check what was filled in. Not `final`, what is missing is no fault yet; what is hidden or in a skipped section is dropped. */
export function checkAnswers(form: Form, answers: Answers, skipped: Record<string, unknown>, final: boolean): Checked {
  const checked: Checked = { answers: {}, skipped: {}, errors: {} };
  const known = new Set(fieldsOf(form).map(({ key }) => key));
  for (const key of Object.keys(answers)) if (!known.has(key)) checked.errors[key.slice(0, 40)] = "表单里没有这一项";
  checkSkipped(form, skipped, checked);
  for (const section of form.sections ?? []) {
    if (section.key in checked.skipped) continue;
    for (const field of section.fields ?? []) {
      if (!isShown(field, checked.answers)) continue;
      checkField(field, answers[field.key], checked, final);
      if (final && field.kind === "prose") checkQuotes(field.key, form, checked);
    }
  }
  return checked;
}

/** Words with the figures that they quote in place of their names; what is unknown stays as it was written. */
export const quoteFigures = (text: string, figures: Record<string, string>): string =>
  text.replace(QUOTED, (whole: string, name: string) => figures[name.trim()] ?? whole);

/** In a form without figures, braces are braces. */
function checkQuotes(key: string, form: Form, checked: Checked): void {
  const names = [...figuresOf(form).keys()];
  const said = checked.answers[key];
  if (!names.length || typeof said !== "string") return;
  const strange = [...said.matchAll(QUOTED)].map((found) => (found[1] ?? "").trim()).find((name) => !names.includes(name));
  if (strange === undefined) return;
  delete checked.answers[key];
  checked.errors[key] = `没有“${strange}”这个数字，可以引用：${names.join("、")}`;
}

/** Whether a field is asked, after what was answered before it. */
export function isShown(field: Field, answers: Answers): boolean {
  if (!field.shown_if) return true;
  return asCondition(answers[field.shown_if.field]).includes(field.shown_if.equals);
}

function asCondition(value: unknown): unknown[] {
  if (typeof value === "boolean") return [value ? "yes" : "no"];
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value;
  return isMap(value) && "result" in value ? [value.result] : [];
}

function checkSkipped(form: Form, skipped: Record<string, unknown>, checked: Checked): void {
  for (const [key, reason] of Object.entries(skipped)) {
    const section = (form.sections ?? []).find((each) => each.key === key);
    if (!section?.may_be_skipped) {
      checked.errors[key.slice(0, 40)] = "这一部分要逐项填写";
      continue;
    }
    refusing(checked, key, () => {
      const words = prose(reason, MOST_REASON);
      if (!words) throw new Refusal("请写明为什么不涉及");
      checked.skipped[key] = words;
    });
  }
}

function refusing(checked: Checked, key: string, work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    checked.errors[key + thrown.at] = thrown.message;
  }
}

function checkField(field: Field, value: unknown, checked: Checked, final: boolean): void {
  refusing(checked, field.key, () => {
    const clean = read(field, value, final);
    if (clean !== null) checked.answers[field.key] = clean;
    else if (final && field.required) throw new Refusal("这一项要填");
  });
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether nothing is there, as an answer that was taken away leaves it. */
export const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ||
  (isMap(value) && Object.keys(value).length === 0);

/** The value as it is kept, null for none. */
function read(field: Field, value: unknown, final: boolean): unknown {
  if (isNothing(value)) return null;
  switch (field.kind) {
    case "text":
      return line(value, field.max_length ?? 100);
    case "prose":
      return prose(value, field.max_length ?? 1000);
    case "place":
      return line(value, MOST_LINE);
    case "integer":
      return integer(field, value);
    case "decimal":
    case "money":
      return amount(field, value);
    case "date":
      return date(field, value);
    case "time":
      return time(value);
    case "one_of":
      return chosen(field.choices, value);
    case "several_of":
      return several(field, value);
    case "yes_no":
      if (typeof value !== "boolean") throw new Refusal("请选是或者否");
      return value;
    case "person":
      return person(value);
    case "photo":
      return ids(value, field.most ?? 3);
    case "file":
      return ids(value, field.most ?? 1);
    case "check":
      return check(value, final);
    case "figure":
      throw new Refusal("这个数字由系统统计，不用填");
    case "table":
      return table(field, value, final);
  }
}

function line(value: unknown, most: number): string | null {
  if (typeof value !== "string") throw new Refusal("要填文字");
  return within(cleanLine(value), most);
}

function prose(value: unknown, most: number): string | null {
  if (typeof value !== "string") throw new Refusal("要填文字");
  return within(cleanProse(value), most);
}

function within(text: string, most: number): string | null {
  if (lengthOf(text) > most) throw new Refusal(`最多 ${most} 字`);
  return text || null;
}

function integer({ least = 0, most = null }: IntegerField, value: unknown): number | null {
  let number = value;
  if (typeof value === "string") {
    const text = foldWidth(value).replace(/,/g, "");
    if (!text) return null;
    if (!/^[+-]?\d{1,13}$/.test(text)) throw new Refusal("要填整数");
    number = Number(text) + 0;
  }
  if (typeof number !== "number" || !Number.isInteger(number)) throw new Refusal("要填整数");
  if (least !== null && number < least) throw new Refusal(`不能小于 ${least}`);
  if (most !== null && number > most) throw new Refusal(`不能大于 ${most}`);
  return number;
}

function amount(field: AmountField, value: unknown): string | null {
  const places = field.kind === "money" ? FEN : (field.places ?? 2);
  const isText = typeof value === "string";
  if (!isText && !(typeof value === "number" && Number.isInteger(value))) throw new Refusal("要填数字");
  const text = foldWidth(String(value)).replace(/,/g, "");
  if (!text) return null;
  const number = readAmount(text);
  if (number === null) throw new Refusal("要填数字");
  if (number === "large") throw new Refusal("数字太大了");
  if (number.part.length > places) throw new Refusal(`最多 ${places} 位小数`);
  const least = field.least === undefined && field.kind === "money" ? "0" : (field.least ?? null);
  if (least !== null && compare(number, limit(least)) < 0) throw new Refusal(`不能小于 ${least}`);
  const most = field.most ?? null;
  if (most !== null && compare(number, limit(most)) > 0) throw new Refusal(`不能大于 ${most}`);
  return written(number, places);
}

const limit = (end: string | number): Amount => readAmount(String(end)) as Amount;

function date({ least, most }: DateField, value: unknown): string {
  const text = typeof value === "string" ? foldWidth(value) : "";
  const found = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text);
  const [year = 0, month = 0, day = 0] = (found ?? []).slice(1).map(Number);
  if (!found || year < 1 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) throw new Refusal("日期要写成 2026-01-31 这样");
  if (year < 2000 || year >= 2200) throw new Refusal("日期不对，请检查年份");
  const kept = found.slice(1).join("-");
  if ((least && kept < least) || (most && kept > most)) throw new Refusal(`日期要在 ${least || "……"} 到 ${most || "……"} 之间`);
  return kept;
}

const daysOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function time(value: unknown): string {
  const text = typeof value === "string" ? foldWidth(value) : "";
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text)) throw new Refusal("时间要写成 08:30 这样");
  return text.slice(0, 5);
}

function chosen(choices: Choice[], value: unknown): string {
  if (typeof value !== "string" || !choices.some(({ key }) => key === value)) throw new Refusal("请从列出的答案里选");
  return value;
}

function several({ choices, most }: SeveralOfField, value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MOST_CHOICES) throw new Refusal("请从列出的答案里选");
  const taken = new Set(value.map((each) => chosen(choices, each)));
  if (most && taken.size > most) throw new Refusal(`最多选 ${most} 个`);
  return choices.filter(({ key }) => taken.has(key)).map(({ key }) => key);
}

const hasOnly = (value: Record<string, unknown>, keys: string[]): boolean => Object.keys(value).every((key) => keys.includes(key));

function person(value: unknown): PersonAnswer | null {
  if (!isMap(value) || !hasOnly(value, ["name", "phone"])) throw new Refusal("要填姓名和电话");
  const name = line(value.name || "", MOST_NAME);
  const phone = typeof value.phone === "string" ? readPhone(value.phone) : "";
  if (name === null && !phone) return null;
  if (name === null) throw new Refusal("还没有填姓名");
  if (phone && !PHONE.test(phone)) throw new Refusal("电话号码不对");
  return { name, phone };
}

function ids(value: unknown, most: number): string[] {
  if (!Array.isArray(value)) throw new Refusal("这里要放照片或者文件");
  if (value.length > most) throw new Refusal(`最多 ${most} 个`);
  if (!value.every((each) => typeof each === "string" && UUID.test(each))) throw new Refusal("照片或者文件不对，请重新选");
  return [...new Set((value as string[]).map((each) => each.toLowerCase()))];
}

function check(value: unknown, final: boolean): CheckAnswer | null {
  if (!isMap(value) || !hasOnly(value, ["result", "words", "photos"])) throw new Refusal("请选检查结果");
  let result: CheckAnswer["result"] = null;
  if (value.result) {
    result = RESULTS.find((each) => each.value === value.result)?.value ?? null;
    if (!result) throw new Refusal("请选检查结果");
  } else if (final || (!value.words && isNothing(value.photos))) {
    return null;
  }
  const words = prose(value.words || "", MOST_REASON) ?? "";
  const photos = ids(value.photos || [], MOST_PHOTOS);
  if (final && result === "failed") {
    if (!words) throw new Refusal("不合格的，请写明哪里不合格");
    if (!photos.length) throw new Refusal("不合格的，请拍一张照片");
  }
  return { result, words, photos };
}

function table(field: TableField, value: unknown, final: boolean): Row[] | null {
  const most = field.most ?? 50;
  if (!Array.isArray(value)) throw new Refusal("这里要填表格");
  if (value.length > most) throw new Refusal(`最多 ${most} 行`);
  const rows = value.map((row, number) => oneRow(field.columns, row, number, final)).filter((row) => Object.keys(row).length);
  return rows.length ? rows : null;
}

/** One row; an empty one is dropped, so nothing is missing in it. */
function oneRow(columns: Column[], row: unknown, number: number, final: boolean): Row {
  if (!isMap(row) || !hasOnly(row, columns.map(({ key }) => key))) throw new Refusal("这一行和表格对不上", `.${number}`);
  const kept: Row = {};
  for (const column of columns) {
    try {
      const clean = read(column, row[column.key], final);
      if (clean !== null) kept[column.key] = clean;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      throw new Refusal(thrown.message, `.${number}.${column.key}`);
    }
  }
  if (!final || !Object.keys(kept).length) return kept;
  const gap = columns.find((column) => column.required && !(column.key in kept));
  if (gap) throw new Refusal("这一格要填", `.${number}.${gap.key}`);
  return kept;
}
