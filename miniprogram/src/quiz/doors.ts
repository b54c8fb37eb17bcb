/** Where the papers of each kind are asked for, saved and handed in. */
import { getAttempt, getExamAttempt, saveAnswer, saveExamAnswer, submitAttempt, submitExamAttempt } from "@/api/calls";
import type { AnswerSaved } from "@/api/types";
import type { Kind, Paper } from "@/quiz/sheet";

type Answers = { position: number; chosen: number[] }[];

interface PaperDoor {
  get: (id: string) => Promise<Paper>;
  save: (id: string, position: number, chosen: number[]) => Promise<AnswerSaved>;
  submit: (id: string, answers: Answers) => Promise<unknown>;
}

const DOORS: Record<Kind, PaperDoor> = {
  quiz: { get: (id) => getAttempt(id), save: (...said) => saveAnswer(...said), submit: (...said) => submitAttempt(...said) },
  exam: { get: (id) => getExamAttempt(id), save: (...said) => saveExamAnswer(...said), submit: (...said) => submitExamAttempt(...said) },
};

export const doorOf = (kind: Kind = "quiz"): PaperDoor => DOORS[kind];
