/** What two people, or two devices, have written into one thing, put together: nothing is lost, what differs is asked. */
import { changedThere, copied, partsOf, same, type Conflict, type Content, type ResponseParcel, type Shared } from "@/kinds/response";

/** How a content falls into parts, each of which is taken from one side as a whole. */
export interface Parts<C> {
  of(content: C): Map<string, unknown>;
  put(content: C, path: string, value: unknown): void; // null takes it away
  copied(content: C): C;
}

/** What the server has now, and who wrote it. */
export interface Theirs extends Content {
  version: number;
  edited_by?: string | null;
}

const RESPONSE: Parts<Content> = { of: partsOf, put, copied };

/** Take in what the server has. Tells how many parts were taken over by themselves. */
export const takeIn = (parcel: ResponseParcel, theirs: Theirs): number => mergeIn(parcel, theirs, theirs.edited_by ?? "", RESPONSE);

/** The person has chosen. */
export const settle = (parcel: ResponseParcel, path: string, choice: "mine" | "theirs"): void => settleIn(parcel, path, choice, RESPONSE);

/** Whether both say the same in every part. */
export const saysTheSame = (one: Content, other: Content): boolean => sameIn(one, other, RESPONSE);

/** Take in what the server has of anything that is shared in parts. */
export function mergeIn<C>(parcel: C & Shared<C>, theirs: C & { version: number }, by: string, parts: Parts<C>): number {
  if (theirs.version <= parcel.base.version) return 0; // kept on the phone earlier than what it knows
  const [before, here, there] = [parts.of(parcel.base), parts.of(parcel), parts.of(theirs)];
  const conflicts: Conflict[] = [];
  let taken = 0;
  for (const path of changedThere<C>(parcel, theirs, parts.of)) {
    const value = there.get(path);
    if (same(here.get(path), value)) continue;
    if (same(here.get(path), before.get(path))) {
      parts.put(parcel, path, plain(value));
      taken += 1;
    } else {
      conflicts.push({ path, theirs: value ?? null, by });
    }
  }
  const earlier = parcel.conflicts.filter(({ path }) => !conflicts.some((each) => each.path === path));
  const unsettled = earlier.filter(({ path }) => !same(parts.of(parcel).get(path), there.get(path)));
  parcel.conflicts = [...unsettled.map((each) => ({ ...each, theirs: there.get(each.path) ?? null })), ...conflicts];
  parcel.base = { ...parts.copied(theirs), version: theirs.version };
  parcel.pending = null;
  return taken;
}

export function settleIn<C>(parcel: C & Shared<C>, path: string, choice: "mine" | "theirs", parts: Parts<C>): void {
  const conflict = parcel.conflicts.find((each) => each.path === path);
  if (!conflict) return;
  if (choice === "theirs") parts.put(parcel, path, plain(conflict.theirs));
  parcel.conflicts = parcel.conflicts.filter((each) => each !== conflict);
}

export function sameIn<C>(one: C, other: C, parts: Parts<C>): boolean {
  const [first, second] = [parts.of(one), parts.of(other)];
  return [...new Set([...first.keys(), ...second.keys()])].every((path) => same(first.get(path), second.get(path)));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown;

/** Set one part of an answer, or take it away. */
function put(content: Content, path: string, value: unknown): void {
  if (path === "text") {
    content.text = (value as string | null) ?? "";
    return;
  }
  const [side, key] = [path.slice(0, 1), path.slice(2)];
  const into: Record<string, unknown> = side === "a" ? content.answers : content.skipped;
  if (value === null) delete into[key];
  else into[key] = value;
}
