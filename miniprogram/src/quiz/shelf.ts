/** The sheets that this phone keeps, each under its attempt's id. */
import { session } from "@/api/session";
import type { Sheet } from "@/quiz/sheet";

const INDEX = "quiz.sheets";
const DAY = 24 * 3600 * 1000; // ms
const keyOf = (id: string): string => `quiz.sheet.${id}`;

export const me = (): string => session.me?.id ?? "";

function ids(): string[] {
  return (uni.getStorageSync(INDEX) as string[] | "") || [];
}

/** The sheet of an attempt, null if there is none or it is another person's. */
export function keptSheet(id: string): Sheet | null {
  const sheet = (uni.getStorageSync(keyOf(id)) as Sheet | "") || null;
  return sheet?.owner === me() ? sheet : null;
}

/** All of whoever is signed in. */
export const keptSheets = (): Sheet[] => ids().map(keptSheet).filter((sheet): sheet is Sheet => sheet !== null);

/** Store a sheet as it is now. Says whether there was room for it. */
export function keep(sheet: Sheet): boolean {
  const { id } = sheet.attempt;
  try {
    uni.setStorageSync(keyOf(id), JSON.parse(JSON.stringify(sheet)));
    if (!ids().includes(id)) uni.setStorageSync(INDEX, [...ids(), id]);
    return true;
  } catch {
    return false;
  }
}

export function drop(id: string): void {
  uni.removeStorageSync(keyOf(id));
  uni.setStorageSync(INDEX, ids().filter((known) => known !== id));
}

/** Whether nobody will miss it: everything was sent, and its time ended long ago by any clock. */
export function isStale(sheet: Sheet): boolean {
  const isSent = sheet.unsent.length === 0 && !sheet.isHandingIn;
  return isSent && Date.now() > Date.parse(sheet.attempt.deadline_at) + DAY;
}
