/** Amounts without floats: no fen is lost. */
const WRITTEN = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d{1,6}))?$/i;
const MOST_WHOLE = "1000000000000"; // 10 ** 12

export interface Amount {
  isNegative: boolean;
  whole: string; // digits without leading zeros
  part: string; // digits after the point, as many as were written
}

/** `large`: a number, and beyond all that is taken; null: no number. */
export function readAmount(text: string): Amount | "large" | null {
  if (/^[+-]?(s?nan\d*|inf(inity)?)$/i.test(text)) return "large";
  const found = WRITTEN.exec(text);
  if (!found) return null;
  const [, sign, digits = "", exponent = "0"] = found;
  const [before = "", after = ""] = digits.split(".");
  const shift = Number(exponent);
  const isNothing = !/[1-9]/.test(digits);
  if (shift > 40 && !isNothing) return "large";
  const all = before + after + "0".repeat(Math.min(Math.max(0, shift - after.length), 60));
  const point = before.length + shift;
  const padded = point < 0 ? "0".repeat(Math.min(-point, 60)) + all : all;
  const amount = {
    isNegative: sign === "-",
    whole: padded.slice(0, Math.max(0, point)).replace(/^0+/, "") || "0",
    part: padded.slice(Math.max(0, point)),
  };
  return compareDigits(amount, { isNegative: false, whole: MOST_WHOLE, part: "" }) > 0 ? "large" : amount;
}

/** Negative, zero or positive, as the one is less than, equal to or more than the other. */
export function compare(one: Amount, other: Amount): number {
  const [first, second] = [isZero(one) ? false : one.isNegative, isZero(other) ? false : other.isNegative];
  if (first !== second) return first ? -1 : 1;
  return first ? -compareDigits(one, other) : compareDigits(one, other);
}

function compareDigits(one: Amount, other: Amount): number {
  if (one.whole.length !== other.whole.length) return one.whole.length - other.whole.length;
  const places = Math.max(one.part.length, other.part.length);
  const [first, second] = [one, other].map(({ whole, part }) => whole + part.padEnd(places, "0")) as [string, string];
  return first < second ? -1 : first > second ? 1 : 0;
}

const isZero = ({ whole, part }: Amount): boolean => !/[1-9]/.test(whole + part);

/** “1250.50”: with just so many places. */
export function written(amount: Amount, places: number): string {
  const sign = amount.isNegative && !isZero(amount) ? "-" : "";
  return `${sign}${amount.whole}.${amount.part.padEnd(places, "0").slice(0, places)}`;
}
