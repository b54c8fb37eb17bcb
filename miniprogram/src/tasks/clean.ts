/**
 * What people write, as it is kept: the phone's share of server/core/text.py. The server cleans once more, so the joiners of other
 * scripts are left to it. No look-behind here: older iPhones refuse the whole file.
 */
const LINE_BREAKS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
// eslint-disable-next-line no-control-regex, no-misleading-character-class -- they are what it is about
const NOTHING = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u200b\u2060-\u2064\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufff0-\ufffc]/g;
const SEEN = /[^\p{Cc}\p{Cf}\p{Z}\p{M}]/u;
const DASHES = /[\u2010-\u2015\u2212\u2500\u30fc\ufe58\ufe63\uff0d—]+/g;

export function cleanProse(text: string): string {
  const kept = text.replace(LINE_BREAKS, "\n").replace(NOTHING, "").trim();
  return SEEN.test(kept) ? kept : "";
}

export function cleanLine(text: string): string {
  return cleanProse(text).split(/[\t\n]/).map((part) => part.trim()).filter(Boolean).join(" ");
}

/** A number as it is meant: half width, nothing invisible. */
export const foldWidth = (text: string): string => cleanLine(cleanLine(text).normalize("NFKC"));

/** A telephone number as people write it, as digits; of a landline the hyphens stay. */
export function readPhone(text: string): string {
  let plain = foldWidth(text).replace(/^['‘’`]+|['‘’`]+$/g, "").replace(/^(tel|手机|电话)[:：]?(?=[+(0-9])/i, "");
  plain = plain.replace(/\s+/g, "").replace(DASHES, "-").replace(/^(1[0-9]{10})\.0+$/, "$1");
  const digits = plain.replace(/[-.()]/g, "").replace(/^(\+|00)86|^86(?=1[0-9]{10}$)/, "");
  if (/^1[0-9]{10}$/.test(digits)) return digits;
  return plain.replace(/^\(?(\+|00)86\)?-?\(?0?(?=[1-9])/, "0").replace(/^\(?(0[0-9]{2,3})\)-?/, "$1-");
}

/** How many characters a person counts. */
export const lengthOf = (text: string): number => Array.from(text).length;
