/** What a team notes at an enterprise: written without a signal, sent as a whole, its photos and signatures first. */
import type { FindingIn, RecordIn, SignatureIn, TalkIn, Visit } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { fresh, type Common } from "@/kinds/parcel";

/** What a record says. */
export interface Noted {
  visitedOn: string;
  answers: Record<string, unknown>;
  skipped: Record<string, string>;
  situation: string;
  activities: string;
  talks: TalkIn[];
  findings: FindingIn[];
  signatures: SignatureIn[];
}

export interface VisitParcel extends Common, Noted {
  kind: "visit";
  visitId: string;
  title: string;
  version: number; // of the visit, upon which it was written
}

/** The record as the server has it. */
export function notedOf(visit: Visit): Noted {
  const { answers, skipped, situation, activities, talks, findings, signatures } = visit;
  return copied({
    visitedOn: visit.visited_on ?? "", answers, skipped, situation, activities, talks,
    findings: findings.map(findingOf), signatures,
  });
}

/** Without what the server alone says of it. */
function findingOf(found: Visit["findings"][number]): FindingIn {
  const { id, place, description, basis, kind, grade, suspected_major, suggestion, due_on, owner, photos } = found;
  return { id, place, description, basis, kind, grade, suspected_major, suggestion, due_on, owner, photos };
}

const copied = (noted: Noted): Noted => JSON.parse(JSON.stringify(noted)) as Noted;

export function newRecord(id: string, now: number, visit: Visit, today: string): VisitParcel {
  const noted = notedOf(visit);
  return {
    kind: "visit", visitId: visit.id, title: `${visit.enterprise}：${visit.occasion}`, version: visit.version, ...noted,
    visitedOn: noted.visitedOn || today, ...fresh(id, now),
  };
}

export const recordBody = (parcel: VisitParcel): Omit<RecordIn, "key"> => ({
  version: parcel.version, visited_on: parcel.visitedOn, answers: parcel.answers, skipped: parcel.skipped,
  situation: parcel.situation.trim(), activities: parcel.activities.trim(), talks: parcel.talks, findings: parcel.findings,
  signatures: parcel.signatures,
});

export const visit: Kind<VisitParcel> = {
  ...USUAL,
  isSubmission: false,
  isSweptAway: false,
  settlesQuestion: false,
  photosFirst: true,
  body: recordBody,
  sendPhoto: (parcel, photo, _position, wires) => wires.sendFile(parcel.visitId, photo, "visit"),
  async declare(parcel, wires) {
    await wires.putRecord(parcel.visitId, { key: parcel.id, ...recordBody(parcel) });
    return null;
  },
  title: (parcel) => parcel.title,
  page: (parcel) => `/tasks/visits/record?id=${parcel.visitId}`,
  words: ({ answers, situation, activities, talks, findings, signatures }) => [
    ...Object.keys(answers), situation, activities, ...talks.map(({ words }) => words ?? ""), ...findings.map(({ id }) => id),
    ...signatures.map(({ side }) => side),
  ],
};
