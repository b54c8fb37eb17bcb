import { describe, expect, it } from "vitest";

import { Problem } from "@/api/problem";
import type { FindingIn, Visit, VisitDraftIn } from "@/api/types";
import { newRecord, type VisitParcel } from "@/kinds/visit";
import { settleIn } from "@/tasks/merge";
import { PARTS } from "@/tasks/visits/parts";
import { isSaved, saveRecord, takeInDraft } from "@/tasks/visits/saving";

const VISIT = {
  id: "v1", enterprise: "企业", occasion: "抽查", version: 1, visited_on: null, answers: {}, skipped: {}, situation: "", activities: "",
  talks: [], findings: [], signatures: [], files: [], draft: null,
} as unknown as Visit;
const FOUND = { id: "f1", place: "车间", description: "缺护栏" } as FindingIn;

/** A server that keeps drafts by version, as the real one does. */
function server(): { draft: Visit["draft"]; sent: string[]; wires: Parameters<typeof saveRecord>[1] } {
  const it = { draft: null as Visit["draft"], sent: [] as string[] };
  const saveVisit = async (_id: string, { version, content }: VisitDraftIn): Promise<NonNullable<Visit["draft"]>> => {
    if (it.draft && JSON.stringify(it.draft.content) === JSON.stringify(content)) return it.draft;
    if (version !== (it.draft?.version ?? 0)) throw new Problem(409, "stale", "");
    it.draft = { version: version + 1, content: JSON.parse(JSON.stringify(content)), edited_by: "同事", edited_at: "" };
    return it.draft;
  };
  const wires = { sendFile: async (_id: string, file: { key: string }) => void it.sent.push(file.key), removeFile: async () => null, saveVisit, keep: () => undefined };
  return Object.assign(it, { wires });
}
const begun = (draft: Visit["draft"] = null): VisitParcel => newRecord("p", 0, { ...VISIT, draft }, "2026-12-01");

describe("a visit's draft", () => {
  it("goes on on another device, files first, and what differs is asked", async () => {
    const there = server();
    const one = begun();
    one.findings.push({ ...FOUND, photos: ["k1"] });
    one.photos.push({ key: "k1", sha256: "", size: 1, field: "finding.f1" });
    await saveRecord(one, there.wires);
    expect([there.sent, isSaved(one)]).toEqual([["k1"], true]);

    const other = begun(there.draft);
    expect(other.findings.map(({ place }) => place)).toEqual(["车间"]);
    other.situation = "看了两处";
    Object.assign(other.findings[0]!, { place: "仓库" });
    await saveRecord(other, there.wires);

    one.activities = "班组查过";
    Object.assign(one.findings[0]!, { place: "门口" });
    expect((await saveRecord(one, there.wires)).problem?.code).toBe("stale");
    expect(takeInDraft(one, there.draft)).toBe(1); // the words of the other, by themselves
    expect([one.situation, one.activities, one.conflicts.map(({ path }) => path)]).toEqual(["看了两处", "班组查过", ["f.f1"]]);
    settleIn(one, "f.f1", "theirs", PARTS);
    await saveRecord(one, there.wires);
    expect([one.findings[0]!.place, isSaved(one), there.draft?.version]).toEqual(["仓库", true, 3]);
  });

  it("is saved again when the answer to a save got lost, and nothing is asked", async () => {
    const there = server();
    const one = begun();
    one.situation = "看了";
    const lost = { ...there.wires, saveVisit: async (...all: Parameters<typeof there.wires.saveVisit>) => there.wires.saveVisit(...all).then(() => Promise.reject(new Error())) };
    expect((await saveRecord(one, lost)).problem).not.toBeNull();
    one.situation = "看了两处";
    expect((await saveRecord(one, there.wires)).problem).toBeNull();
    expect([there.draft?.version, isSaved(one), one.conflicts]).toEqual([2, true, []]);
  });
});
