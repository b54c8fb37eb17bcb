/** Keeps what is written on the server, so that another device goes on with it. Pure of any platform: what it needs is handed in. */
import { asProblem, Problem } from "@/api/problem";
import type { Draft, ResponseIn } from "@/api/types";
import { baseOf, copied, type Content, type ResponseParcel, type Shared } from "@/kinds/response";
import type { Common, KeptPhoto } from "@/kinds/parcel";
import type { Form } from "@/tasks/form";
import { saysTheSame } from "@/tasks/merge";
import { checkAnswers } from "@/tasks/rules";

export interface Wires {
  sendFile(taskId: string, file: KeptPhoto): Promise<unknown>;
  removeFile(id: string): Promise<unknown>;
  saveTask(taskId: string, body: ResponseIn): Promise<Draft>;
  keep(parcel: ResponseParcel): void; // after each step that must survive the app being killed
}

/** `problem`: why it was not saved; `draft`: what the server has now, null for no news. */
export interface Saved<D> {
  problem: Problem | null;
  draft: D | null;
}

/** How one kind of thing is kept on the server. */
export interface Keeping<C, D> {
  content(): C; // what may be kept of it now
  isSame(one: C, other: C): boolean;
  sendFile(file: KeptPhoto): Promise<unknown>;
  removeFile(id: string): Promise<unknown>;
  send(content: C): Promise<D>;
  baseOf(draft: D, content: C): C & { version: number };
  keep(): void; // after each step that must survive the app being killed
}

/** What of a draft may be kept by the server: what is right so far. */
export function savable(parcel: Content, form: Form | null): Content {
  if (!form) return copied(parcel);
  const { answers, skipped } = checkAnswers(form, parcel.answers, parcel.skipped, false);
  return copied({ answers, skipped, text: parcel.text });
}

/** Whether the server has its files, and none that it no longer names. */
export const hasFiles = ({ removed, photos, arrived }: Common & Shared<unknown>): boolean =>
  !removed.length && photos.every(({ key }) => arrived.includes(key));

/** Whether the server has all of it, and the phone may forget it. */
export function isSaved(parcel: ResponseParcel, form: Form | null): boolean {
  if (!hasFiles(parcel) || parcel.conflicts.length) return false;
  const isRight = !form || !Object.keys(checkAnswers(form, parcel.answers, parcel.skipped, false).errors).length;
  return isRight && saysTheSame(savable(parcel, form), parcel.base);
}

/** Save what is not there yet of an answer. `errors`: what of it the server did not take, by path. Never throws. */
export async function saveDraft(
  parcel: ResponseParcel, form: Form | null, wires: Wires,
): Promise<Saved<Draft> & { errors: Record<string, string> }> {
  const saved = await saveShared<Content, Draft>(parcel, {
    content: () => savable(parcel, form),
    isSame: saysTheSame,
    sendFile: (file) => wires.sendFile(parcel.taskId, file),
    removeFile: wires.removeFile,
    send: (content) => wires.saveTask(parcel.taskId, { version: parcel.base.version, ...content }),
    baseOf,
    keep: () => wires.keep(parcel),
  });
  return { ...saved, errors: saved.draft?.errors ?? {} };
}

/** Save what is not there yet of anything that is shared in parts, files before the content that names them. Never throws. */
export async function saveShared<C, D>(parcel: Common & Shared<C>, keeping: Keeping<C, D>): Promise<Saved<D>> {
  try {
    await dropRemoved(parcel, keeping);
    for (const photo of [...parcel.photos]) {
      if (parcel.arrived.includes(photo.key)) continue;
      await keeping.sendFile(photo);
      if (!parcel.photos.some(({ key }) => key === photo.key)) parcel.removed.push(photo.key); // taken out meanwhile
      else parcel.arrived.push(photo.key);
      keeping.keep();
    }
    let draft = parcel.pending && (await put(parcel, parcel.pending, keeping)); // its answer got lost: said again, it is known or kept now
    const content = keeping.content();
    if (!keeping.isSame(content, parcel.base)) draft = await put(parcel, content, keeping);
    return { problem: null, draft };
  } catch (thrown) {
    return { problem: asProblem(thrown), draft: null };
  }
}

async function put<C, D>(parcel: Shared<C>, content: C, keeping: Keeping<C, D>): Promise<D> {
  if (parcel.conflicts.length) throw new Problem(409, "stale", ""); // theirs was taken in while the files went: the person chooses first
  parcel.pending = content;
  keeping.keep();
  const draft = await keeping.send(content).catch((thrown) => {
    const problem = asProblem(thrown);
    if (!problem.isPassing && problem.code !== "stale") parcel.pending = null; // refused: nothing of it is there
    throw problem;
  });
  Object.assign(parcel, { base: keeping.baseOf(draft, content), pending: null });
  keeping.keep();
  return draft;
}

async function dropRemoved<C, D>(parcel: Shared<C>, keeping: Keeping<C, D>): Promise<void> {
  while (parcel.removed[0]) {
    await keeping.removeFile(parcel.removed[0]).catch((thrown) => {
      const problem = asProblem(thrown);
      if (problem.isPassing || problem.status === 401) throw problem;
    }); // gone already, or it belongs to a version that was sent
    parcel.removed.shift();
    keeping.keep();
  }
}
