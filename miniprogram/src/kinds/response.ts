/** The answer to what the union was asked: a draft that goes on between devices, and is sent as a whole. */
import { asProblem } from "@/api/problem";
import type { ResponseIn, Task } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { fresh, type Common } from "@/kinds/parcel";

/** What phone and server have of one thing, which is put together in parts. */
export interface Shared<C> {
  base: C & { version: number }; // what the server had when phone and server last agreed
  pending: C | null; // what was saved last, and whose answer has not come
  conflicts: Conflict[]; // to be settled by the person before anything goes out
  removed: string[]; // ids of files that the server still has, and it no longer names
}

/** What an answer says. */
export interface Content {
  answers: Record<string, unknown>;
  skipped: Record<string, string>;
  text: string;
}

export interface ResponseParcel extends Common, Content, Shared<Content> {
  kind: "response";
  taskId: string;
  title: string;
}

/** Changed here and there, differently: `path` as in `partsOf`. */
export interface Conflict {
  path: string;
  theirs: unknown;
  by: string;
}

export function newResponse(id: string, now: number, task: Task): ResponseParcel {
  const base = baseOf(task.response);
  return {
    kind: "response", taskId: task.id, title: task.title, ...copied(base), base, pending: null, removed: [], conflicts: [], ...fresh(id, now),
  };
}

export const baseOf = ({ answers, skipped, text, version }: Content & { version: number }): ResponseParcel["base"] => ({
  ...copied({ answers, skipped, text }), version,
});

/** The same content, held by nobody else. */
export const copied = ({ answers, skipped, text }: Content): Content => JSON.parse(JSON.stringify({ answers, skipped, text })) as Content;

/** An answer in its parts, each of which is taken from one side as a whole: `a.<field>`, `s.<section>`, `text`. */
export function partsOf({ answers, skipped, text }: Content): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [key, value] of Object.entries(answers)) parts.set(`a.${key}`, value);
  for (const [key, value] of Object.entries(skipped)) parts.set(`s.${key}`, value);
  if (text.trim()) parts.set("text", text.trim());
  return parts;
}

/** Whether two values say the same, whatever the order of their keys. */
export const same = (one: unknown, other: unknown): boolean => spelt(one) === spelt(other);

const spelt = (value: unknown): string =>
  JSON.stringify(value ?? null, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1))) : part);

/** The parts that somebody else has changed there: neither we have, nor was it saved by this phone. */
export function changedThere<C>({ base, pending }: Shared<C>, theirs: C, parts: (content: C) => Map<string, unknown>): string[] {
  const [before, there] = [parts(base), parts(theirs)];
  const ours = pending && parts(pending);
  return [...new Set([...before.keys(), ...there.keys()])].filter(
    (path) => !same(there.get(path), before.get(path)) && !(ours && same(there.get(path), ours.get(path))));
}

/** Whether all that was changed there stands here too: then nothing of it is lost by sending. */
export function holdsAll<C>(parcel: C & Shared<C>, theirs: C, parts: (content: C) => Map<string, unknown>): boolean {
  const [here, there] = [parts(parcel), parts(theirs)];
  return changedThere(parcel, theirs, parts).every((path) => same(there.get(path), here.get(path)));
}

export const responseBody = ({ base, answers, skipped, text }: ResponseParcel): ResponseIn => ({
  version: base.version, answers, skipped, text: text.trim(),
});

export const response: Kind<ResponseParcel> = {
  ...USUAL,
  isSubmission: false,
  isSweptAway: false,
  settlesQuestion: false,
  photosFirst: true,
  body: responseBody,
  sendPhoto: (parcel, photo, _position, wires) => wires.sendFile(parcel.taskId, photo),
  async declare(parcel, wires) {
    const send = (): Promise<unknown> => wires.submitTask(parcel.taskId, { key: parcel.id, ...responseBody(parcel) });
    try {
      await send();
    } catch (thrown) {
      if (asProblem(thrown).code !== "stale") throw thrown;
      const { response: theirs } = await wires.getTask(parcel.taskId); // perhaps our own save, whose answer got lost
      if (!holdsAll<Content>(parcel, theirs, partsOf)) throw thrown;
      Object.assign(parcel, { base: baseOf(theirs), pending: null });
      await send();
    }
    return null;
  },
  learned: ({ base, pending }) => ({ base, pending }),
  title: (parcel) => parcel.title,
  page: (parcel) => `/tasks/pages/fill?id=${parcel.taskId}`,
  words: ({ answers, skipped, text }) => [...Object.keys(answers), ...Object.values(skipped), text],
};
