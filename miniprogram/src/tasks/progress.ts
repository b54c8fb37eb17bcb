/** How far an answer is, and where to go on. */
import { isShown, type Checked } from "@/tasks/rules";
import type { Field, Form, Section } from "@/tasks/form";

const ON_ONE_SCREEN = 12; // fields; a longer form is filled in part by part

/** The parts of a form as they are shown, one a screen. */
export function screensOf(form: Form): Section[][] {
  const sections = (form.sections ?? []).filter((section) => section.fields?.length);
  const count = sections.reduce((sum, section) => sum + (section.fields?.length ?? 0), 0);
  return count <= ON_ONE_SCREEN ? [sections] : sections.map((section) => [section]);
}

/** What is asked in a part, after what was answered so far; nothing of one that is skipped. */
export function askedIn(section: Section, checked: Checked): Field[] {
  return section.key in checked.skipped ? [] : (section.fields ?? []).filter((field) => isShown(field, checked.answers));
}

/** Whether somebody waits for it: other fields may stay empty. */
const isExpected = (field: Field): boolean => Boolean(field.required) || field.kind === "check";

export interface Progress {
  done: number;
  all: number;
  word: "已查" | "已填";
}

/** “已查 23/92”: `final` is the answer checked as if it were sent. */
export function progressOf(sections: Section[], final: Checked): Progress {
  const asked = sections.flatMap((section) => askedIn(section, final)).filter(({ kind }) => kind !== "figure");
  const expected = asked.some(isExpected) ? asked.filter(isExpected) : asked;
  const done = expected.filter(({ key }) => key in final.answers).length;
  return { done, all: expected.length, word: expected.some(({ kind }) => kind === "check") ? "已查" : "已填" };
}

export interface Spot {
  screen: number;
  key: string; // of a field, or of a part
}

/** All that waits for an answer or has a wrong one, in its order. */
export function openSpots(screens: Section[][], final: Checked): Spot[] {
  const open: Spot[] = [];
  for (const [screen, sections] of screens.entries()) {
    for (const section of sections) {
      if (section.key in final.errors) {
        open.push({ screen, key: section.key });
        continue; // its fields are not shown: it is being skipped
      }
      for (const field of askedIn(section, final)) {
        const isOpen = hasFault(field.key, final.errors) || (isExpected(field) && !(field.key in final.answers));
        if (isOpen) open.push({ screen, key: field.key });
      }
    }
  }
  return open;
}

/** Where to go on: the first open spot after the one gone to last, else on this screen or a later one, else the first of all. */
export function nextSpot(open: Spot[], screen: number, last: string): Spot | null {
  const at = open.findIndex(({ key }) => key === last);
  const onwards = at >= 0 ? open[at + 1] : open.find((spot) => spot.screen >= screen);
  return onwards ?? open[0] ?? null;
}

/** Whether something within that field is wrong: `f3` by `f3.0.amount`. */
export const hasFault = (key: string, errors: Record<string, string>): boolean =>
  Object.keys(errors).some((path) => path === key || path.startsWith(`${key}.`));
