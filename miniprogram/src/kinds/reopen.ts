/** “It is not right yet”, with photos that show it. */
import type { ReopeningIn } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { declaration, fresh, type Common } from "@/kinds/parcel";

export interface ReopenParcel extends Common {
  kind: "reopen";
  submissionId: string;
  text: string;
}

export function newReopening(id: string, now: number, submissionId: string): ReopenParcel {
  return { kind: "reopen", submissionId, text: "", ...fresh(id, now) };
}

const reopeningBody = (parcel: ReopenParcel): ReopeningIn => ({ text: parcel.text.trim(), photos: declaration(parcel.photos) });

export const reopen: Kind<ReopenParcel> = {
  ...USUAL,
  isSubmission: false,
  isSweptAway: true,
  settlesQuestion: false,
  body: reopeningBody,
  declare: (parcel, wires) => wires.putReopening(parcel.submissionId, parcel.id, reopeningBody(parcel)).then(() => null),
  title: () => "反映没整改好",
  page: (parcel) => `/pages/hazard/reopen?id=${parcel.submissionId}`,
  words: (parcel) => [parcel.text],
};
