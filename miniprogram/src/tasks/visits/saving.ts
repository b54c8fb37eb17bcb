/** Keeps the record on the server while it is written, so that another device goes on with it. What it needs is handed in. */
import { asProblem, type Problem } from "@/api/problem";
import type { Visit, VisitDraftIn } from "@/api/types";
import type { KeptPhoto } from "@/kinds/parcel";
import { contentOf, copied, draftOf, type Noted, type VisitParcel } from "@/kinds/visit";
import { mergeIn, sameIn } from "@/tasks/merge";
import { PARTS } from "@/tasks/visits/parts";

export interface Wires {
  sendFile(visitId: string, file: KeptPhoto, subject: string): Promise<unknown>;
  removeFile(id: string): Promise<unknown>;
  saveVisit(visitId: string, body: VisitDraftIn): Promise<NonNullable<Visit["draft"]>>;
  keep(parcel: VisitParcel): void; // after each step that must survive the app being killed
}

/** Whether the server has all of it. */
export const isSaved = (parcel: VisitParcel): boolean =>
  !parcel.removed.length && parcel.photos.every(({ key }) => parcel.arrived.includes(key)) && sameIn(parcel, parcel.base, PARTS);

/** What an older version of the app has kept on this phone knows nothing of the server's draft. */
export function prepare(parcel: VisitParcel): void {
  if (!parcel.base) Object.assign(parcel, { base: { ...copied(parcel), version: 0 }, pending: null, conflicts: [], removed: [] });
}

/** Put together what a colleague, or another device, has saved. Tells how many parts were taken over by themselves. */
export const takeInDraft = (parcel: VisitParcel, draft: Visit["draft"]): number =>
  draft ? mergeIn<Noted>(parcel, draftOf(draft), draft.edited_by, PARTS) : 0;

/** Save what is not there yet, files first. Tells what it was kept as, null for no news; or why not. Never throws. */
export async function saveRecord(parcel: VisitParcel, wires: Wires): Promise<{ problem: Problem | null; draft: Visit["draft"] }> {
  try {
    while (parcel.removed[0]) {
      await wires.removeFile(parcel.removed[0]).catch(passOver);
      parcel.removed.shift();
      wires.keep(parcel);
    }
    for (const photo of [...parcel.photos]) {
      if (parcel.arrived.includes(photo.key)) continue;
      await wires.sendFile(parcel.visitId, photo, "visit");
      if (!parcel.photos.some(({ key }) => key === photo.key)) parcel.removed.push(photo.key); // taken out meanwhile
      else parcel.arrived.push(photo.key);
      wires.keep(parcel);
    }
    if (sameIn(parcel, parcel.base, PARTS)) return { problem: null, draft: null };
    if (parcel.pending) await put(parcel, parcel.pending, wires); // its answer got lost: said again, it is known or kept now
    return { problem: null, draft: await put(parcel, copied(parcel), wires) };
  } catch (thrown) {
    return { problem: asProblem(thrown), draft: null };
  }
}

async function put(parcel: VisitParcel, content: Noted, wires: Wires): Promise<Visit["draft"]> {
  parcel.pending = content;
  wires.keep(parcel);
  const draft = await wires.saveVisit(parcel.visitId, { version: parcel.base.version, visit_version: parcel.version, content: contentOf(content) });
  Object.assign(parcel, { base: { ...content, version: draft.version }, pending: null });
  wires.keep(parcel);
  return draft;
}

/** Gone already. */
function passOver(thrown: unknown): void {
  const problem = asProblem(thrown);
  if (problem.isPassing || problem.status === 401) throw problem;
}
