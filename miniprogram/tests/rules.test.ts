import { describe, expect, it } from "vitest";

import type { Answers, Form, Skipped } from "@/tasks/form";
import { checkAnswers, type Checked } from "@/tasks/rules";

import forms from "./form-cases.json";

interface Case {
  answers: Answers;
  skipped: Skipped;
  draft: Checked;
  final: Checked;
}

/** Made by the server's rules: `python -m tests.support.form_cases`. */
const CASES = (forms as unknown as { form: Form; cases: Case[] }[]).flatMap(({ form, cases }) => cases.map((each) => ({ form, ...each })));

const named = ({ form, answers, skipped }: { form: Form; answers: Answers; skipped: Skipped }): string =>
  [form.sections?.[0]?.fields?.[0]?.kind, JSON.stringify(answers).slice(0, 120), JSON.stringify(skipped)].join(" ");

describe("the phone's rules for answers say what the server's say", () => {
  it.each(CASES.map((each) => [named(each), each] as const))("while it is filled in: %s", (_name, each) => {
    expect(checkAnswers(each.form, each.answers, each.skipped, false)).toEqual(each.draft);
  });

  it.each(CASES.map((each) => [named(each), each] as const))("at the end: %s", (_name, each) => {
    expect(checkAnswers(each.form, each.answers, each.skipped, true)).toEqual(each.final);
  });

  it("takes what comes out of it again as it is", () => {
    for (const { form, answers, skipped } of CASES) {
      const once = checkAnswers(form, answers, skipped, false);
      expect(checkAnswers(form, once.answers, once.skipped, false)).toEqual({ ...once, errors: {} });
    }
  });
});
