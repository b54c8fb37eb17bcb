/** Keeps the draft on the server, so that another device goes on with it. Pure of any platform: what it needs is handed in. */
import { asProblem, type Problem } from "@/api/problem";
import type { Draft, ResponseIn } from "@/api/types";
import { baseOf, copied, type Content, type ResponseParcel } from "@/kinds/response";
import type { KeptPhoto } from "@/kinds/parcel";
import type { Form } from "@/tasks/form";
import { saysTheSame } from "@/tasks/merge";
import { checkAnswers } from "@/tasks/rules";

export interface Wires {
  sendFile(taskId: string, file: KeptPhoto): Promise<unknown>;
  removeFile(id: string): Promise<unknown>;
  saveTask(taskId: string, body: ResponseIn): Promise<Draft>;
  keep(parcel: ResponseParcel): void; // after each step that must survive the app being killed
}

/** `problem`: why it was not saved; `errors`: what of it the server did not take, by path. */
export interface Saved {
  problem: Problem | null;
  errors: Record<string, string>;
  draft: Draft | null;
}

/** What of a draft may be kept by the server: what is right so far. */
export function savable(parcel: Content, form: Form | null): Content {
  if (!form) return copied(parcel);
  const { answers, skipped } = checkAnswers(form, parcel.answers, parcel.skipped, false);
  return copied({ answers, skipped, text: parcel.text });
}

/** Whether the server has all of it, and the phone may forget it. */
export function isSaved(parcel: ResponseParcel, form: Form | null): boolean {
  if (parcel.removed.length || parcel.conflicts.length || parcel.photos.some(({ key }) => !parcel.arrived.includes(key))) return false;
  const isRight = !form || !Object.keys(checkAnswers(form, parcel.answers, parcel.skipped, false).errors).length;
  return isRight && saysTheSame(savable(parcel, form), parcel.base);
}

/** Save what is not there yet, files before the answer that names them. Never throws. */
export async function saveDraft(parcel: ResponseParcel, form: Form | null, wires: Wires): Promise<Saved> {
  try {
    await dropRemoved(parcel, wires);
    for (const photo of [...parcel.photos]) {
      if (parcel.arrived.includes(photo.key)) continue;
      await wires.sendFile(parcel.taskId, photo);
      if (!parcel.photos.some(({ key }) => key === photo.key)) parcel.removed.push(photo.key); // taken out meanwhile
      else parcel.arrived.push(photo.key);
      wires.keep(parcel);
    }
    const content = savable(parcel, form);
    if (saysTheSame(content, parcel.base)) return { problem: null, errors: {}, draft: null };
    parcel.pending = content;
    wires.keep(parcel);
    const draft = await wires.saveTask(parcel.taskId, { version: parcel.base.version, ...content });
    Object.assign(parcel, { base: baseOf(draft), pending: null });
    wires.keep(parcel);
    return { problem: null, errors: draft.errors, draft };
  } catch (thrown) {
    return { problem: asProblem(thrown), errors: {}, draft: null };
  }
}

async function dropRemoved(parcel: ResponseParcel, wires: Wires): Promise<void> {
  while (parcel.removed[0]) {
    await wires.removeFile(parcel.removed[0]).catch((thrown) => {
      const problem = asProblem(thrown);
      if (problem.isPassing || problem.status === 401) throw problem;
    }); // gone already, or it belongs to a version that was sent
    parcel.removed.shift();
    wires.keep(parcel);
  }
}
