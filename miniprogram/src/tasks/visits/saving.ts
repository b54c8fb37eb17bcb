/** Keeps the record on the server while it is written, so that another device goes on with it. What it needs is handed in. */
import type { Visit, VisitDraftIn } from "@/api/types";
import type { KeptPhoto } from "@/kinds/parcel";
import { contentOf, copied, draftOf, notedOf, type Noted, type VisitParcel } from "@/kinds/visit";
import { mergeIn, sameIn } from "@/tasks/merge";
import { hasFiles, saveShared, type Saved } from "@/tasks/saving";
import { PARTS } from "@/tasks/visits/parts";

type Draft = NonNullable<Visit["draft"]>;

export interface Wires {
  sendFile(visitId: string, file: KeptPhoto, subject: string): Promise<unknown>;
  removeFile(id: string): Promise<unknown>;
  saveVisit(visitId: string, body: VisitDraftIn): Promise<Draft>;
  keep(parcel: VisitParcel): void; // after each step that must survive the app being killed
}

/** Whether the server has all of it. */
export const isSaved = (parcel: VisitParcel): boolean => hasFiles(parcel) && sameIn(parcel, parcel.base, PARTS);

/** What an older version of the app has kept on this phone knows nothing of the server's draft. */
export function prepare(parcel: VisitParcel): void {
  if (!parcel.base) Object.assign(parcel, { base: { ...copied(parcel), version: 0 }, pending: null, conflicts: [], removed: [] });
}

/** Put together what a colleague, or another device, has saved. Tells how many parts were taken over by themselves. */
export const takeInDraft = (parcel: VisitParcel, draft: Draft | null): number =>
  draft ? mergeIn<Noted>(parcel, draftOf(draft), draft.edited_by, PARTS) : 0;

/** Go on with what is written here upon what a colleague has recorded, and take theirs where nothing was changed here. With a record the draft
 * ends, and the next one counts from nought. */
export function goOnUpon(parcel: VisitParcel, visit: Visit): number {
  const recorded = { ...notedOf(visit), version: parcel.base.version + 1 };
  const taken = mergeIn<Noted>(parcel, recorded, "", PARTS);
  Object.assign(parcel, { version: visit.version, base: { ...parcel.base, version: 0 }, conflicts: [] });
  return taken + takeInDraft(parcel, visit.draft);
}

/** Save what is not there yet. Never throws. */
export const saveRecord = (parcel: VisitParcel, wires: Wires): Promise<Saved<Draft>> =>
  saveShared<Noted, Draft>(parcel, {
    content: () => copied(parcel),
    isSame: (one, other) => sameIn(one, other, PARTS),
    sendFile: (file) => wires.sendFile(parcel.visitId, file, "visit"),
    removeFile: wires.removeFile,
    send: (content) => wires.saveVisit(parcel.visitId, { version: parcel.base.version, visit_version: parcel.version, content: contentOf(content) }),
    baseOf: ({ version }, content) => ({ ...content, version }),
    keep: () => wires.keep(parcel),
  });
