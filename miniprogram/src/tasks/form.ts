/** A form as the service describes it (server/assignments/forms/schemas.py), and the answers to it. */
interface Asked {
  key: string;
  label: string;
  hint?: string;
  basis?: string;
  required?: boolean;
  shown_if?: { field: string; equals: string } | null;
}

export interface Choice {
  key: string;
  label: string;
}

export interface TextField extends Asked {
  kind: "text" | "prose";
  max_length?: number;
}
export interface IntegerField extends Asked {
  kind: "integer";
  least?: number | null;
  most?: number | null;
  unit?: string;
}
export interface AmountField extends Asked {
  kind: "decimal" | "money";
  least?: string | number | null;
  most?: string | number | null;
  places?: number;
  unit?: string;
}
export interface DateField extends Asked {
  kind: "date";
  least?: string | null;
  most?: string | null;
}
export interface TimeField extends Asked {
  kind: "time";
}
export interface OneOfField extends Asked {
  kind: "one_of";
  choices: Choice[];
}
export interface SeveralOfField extends Asked {
  kind: "several_of";
  choices: Choice[];
  most?: number | null;
}
export interface YesNoField extends Asked {
  kind: "yes_no";
}
export interface CheckField extends Asked {
  kind: "check";
  place?: string;
  criterion?: string;
  suspected_major?: string;
}
export interface PhotoField extends Asked {
  kind: "photo";
  most?: number;
}
export interface FileField extends Asked {
  kind: "file";
  most?: number;
}
export interface PersonField extends Asked {
  kind: "person";
}
export interface PlaceField extends Asked {
  kind: "place";
}
export interface TableField extends Asked {
  kind: "table";
  columns: Column[];
  most?: number;
}
/** A number that the service counts (TaskOut.figures has it, by the key): shown, never answered. Prose quotes it as {{label}}. */
export interface FigureField extends Asked {
  kind: "figure";
  figure: string;
}
export type Column =
  TextField | IntegerField | AmountField | DateField | TimeField | OneOfField | YesNoField | PersonField;
export type Field = Column | SeveralOfField | CheckField | PhotoField | FileField | PlaceField | TableField | FigureField;

export interface Section {
  key: string;
  title: string;
  intro?: string;
  may_be_skipped?: boolean;
  fields?: Field[];
}

export interface Form {
  sections?: Section[];
}

export type Result = "passed" | "failed" | "not_applicable" | "cannot_judge";
export interface CheckAnswer {
  result: Result | null;
  words: string;
  photos: string[];
}
export interface PersonAnswer {
  name: string;
  phone: string;
}
export type Row = Record<string, unknown>;

/** As they are kept: what each kind holds is told in server/assignments/forms/rules.py. */
export type Answers = Record<string, unknown>;
export type Skipped = Record<string, string>;

export const RESULTS: { value: Result; label: string }[] = [
  { value: "passed", label: "合格" },
  { value: "failed", label: "不合格" },
  { value: "not_applicable", label: "不涉及" },
  { value: "cannot_judge", label: "无法判断" },
];

export const YES_NO: Choice[] = [
  { key: "yes", label: "是" },
  { key: "no", label: "否" },
];

/** What prose may quote, by label. */
export const figuresOf = (form: Form): Map<string, FigureField> =>
  new Map(fieldsOf(form).flatMap((field) => (field.kind === "figure" ? [[field.label, field] as const] : [])));

export const fieldsOf = (form: Form): Field[] => (form.sections ?? []).flatMap((section) => section.fields ?? []);
