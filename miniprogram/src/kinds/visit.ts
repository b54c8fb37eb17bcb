/** What a team notes at an enterprise: written without a signal, sent as a whole, its photos and signatures first. */
import { asProblem } from "@/api/problem";
import type { FindingIn, RecordIn, SignatureIn, TalkIn, Visit } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { fresh, type Common } from "@/kinds/parcel";
import { holdsAll, type Shared } from "@/kinds/response";

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

export interface VisitParcel extends Common, Noted, Shared<Noted> {
  kind: "visit";
  visitId: string;
  title: string;
  version: number; // of the visit, upon which it was written
}

type Draft = NonNullable<Visit["draft"]>;

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
  const { id, place, description, basis, kind, grade, suspected_major, suggestion, due_on, owner, measures, funds, emergency_plan, photos } = found;
  return { id, place, description, basis, kind, grade, suspected_major, suggestion, due_on, owner, measures, funds, emergency_plan, photos };
}

/** The same, held by nobody else. */
export function copied({ visitedOn, answers, skipped, situation, activities, talks, findings, signatures }: Noted): Noted {
  return JSON.parse(JSON.stringify({ visitedOn, answers, skipped, situation, activities, talks, findings, signatures })) as Noted;
}

/** A record in its parts, each of which is taken from one side as a whole: answers, the words, the talks, each finding, each side's signature. */
export function partsOf(noted: Noted): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [key, value] of Object.entries(noted.answers)) parts.set(`a.${key}`, value);
  for (const [key, value] of Object.entries(noted.skipped)) parts.set(`s.${key}`, value);
  for (const key of ["visitedOn", "situation", "activities"] as const) if (noted[key].trim()) parts.set(key, noted[key].trim());
  if (noted.talks.length) parts.set("talks", noted.talks);
  for (const finding of noted.findings) parts.set(`f.${finding.id}`, finding);
  for (const signed of noted.signatures) parts.set(`g.${signed.side}`, signed);
  return parts;
}

/** A draft as the server keeps it, and back. */
export function draftOf({ content, version }: Draft): Noted & { version: number } {
  const { visited_on, ...rest } = content as Omit<Noted, "visitedOn"> & { visited_on: string };
  return { ...copied({ ...rest, visitedOn: visited_on }), version };
}

export function contentOf(noted: Noted): { visited_on: string } & Omit<Noted, "visitedOn"> {
  const { visitedOn, ...rest } = copied(noted);
  return { visited_on: visitedOn, ...rest };
}

/** What the team has: the draft, else the record. */
export function startOf(visit: Visit, today: string): Noted & { version: number } {
  const begun = visit.draft ? draftOf(visit.draft) : { ...notedOf(visit), version: 0 };
  return { ...begun, visitedOn: begun.visitedOn || today };
}

export function newRecord(id: string, now: number, visit: Visit, today: string): VisitParcel {
  const base = startOf(visit, today);
  return {
    kind: "visit", visitId: visit.id, title: `${visit.enterprise}：${visit.occasion}`, ...copied(base), base, pending: null, conflicts: [],
    removed: [], version: visit.version, ...fresh(id, now),
  };
}

export const recordBody = (parcel: VisitParcel): Omit<RecordIn, "key" | "draft_version"> => ({
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
    const send = (): Promise<unknown> =>
      wires.putRecord(parcel.visitId, { key: parcel.id, draft_version: parcel.base?.version ?? null, ...recordBody(parcel) });
    try {
      await send();
    } catch (thrown) {
      if (asProblem(thrown).code !== "stale") throw thrown;
      const { version, draft } = await wires.getVisit(parcel.visitId); // perhaps our own save, whose answer got lost
      const theirs = draft && draftOf(draft);
      if (version !== parcel.version || !theirs || !holdsAll<Noted>(parcel, theirs, partsOf)) throw thrown;
      Object.assign(parcel, { base: theirs, pending: null });
      await send();
    }
    return null;
  },
  learned: ({ base, pending }) => ({ base, pending }),
  title: (parcel) => parcel.title,
  page: (parcel) => `/tasks/visits/record?id=${parcel.visitId}`,
  words: ({ answers, situation, activities, talks, findings, signatures }) => [
    ...Object.keys(answers), situation, activities, ...talks.map(({ words }) => words ?? ""), ...findings.map(({ id }) => id),
    ...signatures.map(({ side }) => side),
  ],
};
