/** The answer to a reviewer's question. */
import type { AnswerIn } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { declaration, fresh, type Common } from "@/kinds/parcel";

export interface AnswerParcel extends Common {
  kind: "answer";
  submissionId: string;
  firstPosition: number; // of its photos among all of the submission
  text: string;
}

export function newAnswer(id: string, now: number, submissionId: string): AnswerParcel {
  return { kind: "answer", submissionId, firstPosition: 0, text: "", ...fresh(id, now) };
}

const answerBody = (parcel: AnswerParcel): AnswerIn => ({ text: parcel.text.trim(), photos: declaration(parcel.photos) });

export const answer: Kind<AnswerParcel> = {
  ...USUAL,
  isSubmission: false,
  isSweptAway: false,
  settlesQuestion: true,
  body: answerBody,
  declare: (parcel, wires) => wires.putAnswer(parcel.submissionId, parcel.id, answerBody(parcel)),
  title: () => "给工会的补充",
  page: (parcel) => `/pages/hazard/answer?id=${parcel.submissionId}`,
  words: (parcel) => [parcel.text],
  firstPosition: (parcel) => parcel.firstPosition,
  learn: (parcel, submission) => {
    parcel.firstPosition = Math.max(0, submission.photos.length - parcel.photos.length);
  },
  learned: ({ firstPosition }) => ({ firstPosition }),
};
