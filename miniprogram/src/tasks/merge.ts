/** What two people, or two devices, have written into one answer, put together: nothing is lost, what differs is asked. */
import { baseOf, changedThere, partsOf, same, type Conflict, type Content, type ResponseParcel } from "@/kinds/response";

/** What the server has now, and who wrote it. */
export interface Theirs extends Content {
  version: number;
  edited_by?: string | null;
}

/** Take in what the server has. Tells how many parts were taken over by themselves. */
export function takeIn(parcel: ResponseParcel, theirs: Theirs): number {
  if (theirs.version <= parcel.base.version) return 0; // kept on the phone earlier than what it knows
  const [before, here, there] = [partsOf(parcel.base), partsOf(parcel), partsOf(theirs)];
  const by = theirs.edited_by ?? "";
  const conflicts: Conflict[] = [];
  let taken = 0;
  for (const path of changedThere(parcel, theirs)) {
    const value = there.get(path);
    if (same(here.get(path), value)) continue;
    if (same(here.get(path), before.get(path))) {
      put(parcel, path, value);
      taken += 1;
    } else {
      conflicts.push({ path, theirs: value ?? null, by });
    }
  }
  const earlier = parcel.conflicts.filter(({ path }) => !conflicts.some((each) => each.path === path));
  const unsettled = earlier.filter(({ path }) => !same(partsOf(parcel).get(path), there.get(path)));
  parcel.conflicts = [...unsettled.map((each) => ({ ...each, theirs: there.get(each.path) ?? null })), ...conflicts];
  Object.assign(parcel, { base: baseOf(theirs), pending: null });
  return taken;
}

/** The person has chosen. */
export function settle(parcel: ResponseParcel, path: string, choice: "mine" | "theirs"): void {
  const conflict = parcel.conflicts.find((each) => each.path === path);
  if (!conflict) return;
  if (choice === "theirs") put(parcel, path, conflict.theirs);
  parcel.conflicts = parcel.conflicts.filter((each) => each !== conflict);
}

/** Set one part of an answer, or take it away. */
function put(content: Content, path: string, value: unknown): void {
  const copy = JSON.parse(JSON.stringify(value ?? null)) as unknown;
  if (path === "text") {
    content.text = (copy as string | null) ?? "";
    return;
  }
  const [side, key] = [path.slice(0, 1), path.slice(2)];
  const parts: Record<string, unknown> = side === "a" ? content.answers : content.skipped;
  if (copy === null) delete parts[key];
  else parts[key] = copy;
}

/** Whether both say the same in every part. */
export const saysTheSame = (one: Content, other: Content): boolean => {
  const [first, second] = [partsOf(one), partsOf(other)];
  return [...new Set([...first.keys(), ...second.keys()])].every((path) => same(first.get(path), second.get(path)));
};

