import { describe, expect, it } from "vitest";

import { Problem } from "@/api/problem";
import type { FindingIn, RecordIn, SignatureIn, Visit, VisitDraftIn } from "@/api/types";
import { isBlank } from "@/kinds/index";
import { newRecord, notedOf, recordBody, visit as kind, type Noted, type VisitParcel } from "@/kinds/visit";
import { dayKey } from "@/lib/time";
import { settleIn } from "@/tasks/merge";
import { firstGap, lacksOf, lacksOfSignature, ordersIn } from "@/tasks/visits/checks";
import { PARTS } from "@/tasks/visits/parts";
import { goOnUpon, isSaved, saveRecord, takeInDraft } from "@/tasks/visits/saving";

const TODAY = "2026-11-29";
const ORDERS = ["责令", "停产"];
const FINDING: FindingIn = {
  id: "f-1", place: "车间", description: "没有护栏", basis: "", kind: "things", grade: 3, suspected_major: "", suggestion: "建议装护栏", due_on: TODAY, owner: "",
  measures: "", funds: "", emergency_plan: "", photos: ["p-1"],
};
const SIGNED: SignatureIn = {
  side: "team", way: "typed", name: "李组长", post: "", reason: "", witness: "", file_id: null, signed_at: "2026-11-29T02:00:00.000Z",
};
const NOTED: Noted = {
  visitedOn: TODAY, answers: {}, skipped: {}, situation: "", activities: "", talks: [], findings: [FINDING], signatures: [SIGNED],
};
const VISIT = {
  id: "v-1", enterprise: "示例船厂", occasion: "抽查", version: 3, visited_on: null, answers: {}, skipped: {}, situation: "", activities: "", talks: [],
  findings: [], signatures: [], files: [], draft: null,
} as unknown as Visit;
const FOUND = { id: "f1", place: "车间", description: "缺护栏" } as FindingIn;

const noted = (changes: Partial<Noted>): Noted => ({ ...NOTED, ...changes });
const gap = (changes: Partial<Noted>): string | undefined => firstGap(noted(changes), null, ORDERS, TODAY)?.part;

describe("what stands in the way of sending a record", () => {
  it("is found part by part, and nothing when all is well", () => {
    expect(gap({})).toBeUndefined();
    expect(gap({ talks: [{ people: 0, topics: "", words: "" }] })).toBe("talks");
    expect(gap({ findings: [{ ...FINDING, suggestion: "  " }] })).toBe("findings");
    expect(gap({ visitedOn: "2026-11-30" })).toBe("sign");
    expect(gap({ signatures: [{ ...SIGNED, way: "refused", name: "" }] })).toBe("sign");
    const form = { sections: [{ key: "s", title: "", fields: [{ kind: "text", key: "f1", label: "负责人", required: true }] }] } as never;
    expect(firstGap(NOTED, form, ORDERS, TODAY)?.part).toBe("form");
  });

  it("is an authority's word, however it is spaced, but not in the basis", () => {
    expect(ordersIn(noted({ findings: [{ ...FINDING, suggestion: "责 令停\n产" }] }), ORDERS)).toEqual(ORDERS);
    expect(gap({ situation: "拟责令整改" })).toBe("findings");
    expect(gap({ findings: [{ ...FINDING, basis: "责令改正的规定" }] })).toBeUndefined();
    for (const name of ["measures", "emergency_plan"]) expect(gap({ findings: [{ ...FINDING, [name]: "停产整顿" }] })).toBe("findings");
  });

  it("says which field is missing", () => {
    expect(Object.keys(lacksOf({ ...FINDING, place: "", due_on: "" }))).toEqual(["place", "due_on"]);
    expect(Object.keys(lacksOfSignature({ ...SIGNED, way: "refused", reason: "外出", witness: "" }))).toEqual(["witness"]);
    expect(lacksOfSignature(SIGNED)).toEqual({});
  });
});

describe("a record on the phone", () => {
  it("begins with what the server has, and is held by nobody else", () => {
    const parcel = newRecord("r-1", 0, VISIT, TODAY);
    expect(parcel).toMatchObject({ visitId: "v-1", version: 3, visitedOn: TODAY, title: "示例船厂：抽查" });
    expect(isBlank(parcel)).toBe(true);
    parcel.findings.push(FINDING);
    expect(VISIT.findings).toEqual([]);
    expect(isBlank(parcel)).toBe(false);
  });

  it("sends of a finding what may be sent, and no more", () => {
    const known = { ...VISIT, findings: [{ ...FINDING, number: 1, state: "整改中" }] } as unknown as Visit;
    expect(notedOf(known).findings).toEqual([FINDING]);
  });

  it("is told under its id, the same however often it tries, and its photos belong to the visit", async () => {
    const parcel = Object.assign(newRecord("r-1", 0, VISIT, TODAY), { findings: [FINDING] });
    const told: RecordIn[] = [];
    const files: unknown[] = [];
    const wires = {
      putRecord: async (_id: string, body: RecordIn) => void told.push(body), sendFile: async (...file: unknown[]) => void files.push(file),
    } as never;
    await kind.declare(parcel, wires);
    await kind.declare(parcel, wires);
    const whole = { key: "r-1", draft_version: 0, ...recordBody(parcel) };
    expect(told).toEqual([whole, whole]);
    await kind.sendPhoto(parcel, { key: "p-1", sha256: "a", size: 1, field: "finding.f-1" }, 0, wires);
    expect(files).toEqual([["v-1", { key: "p-1", sha256: "a", size: 1, field: "finding.f-1" }, "visit"]]);
  });

  it("names the day as Shanghai has it", () => {
    expect(dayKey(Date.parse("2026-11-28T17:00:00Z"))).toBe(TODAY);
  });
});

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
const begun = (draft: Visit["draft"] = null): VisitParcel => newRecord("p", 0, { ...VISIT, draft }, TODAY);

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

  it("is kept on when a colleague's record has ended the draft, and puts together what they began since", async () => {
    const there = server();
    const one = begun();
    one.situation = "看了";
    await saveRecord(one, there.wires);
    one.situation = "看了两处";
    there.draft = null; // recorded
    expect((await saveRecord(one, there.wires)).problem?.code).toBe("stale");
    const recorded = { ...VISIT, version: 2, visited_on: TODAY, situation: "看了一处", activities: "有人值班" };
    expect(goOnUpon(one, recorded)).toBe(1); // what was not touched here is theirs
    expect([one.situation, one.activities, one.conflicts]).toEqual(["看了两处", "有人值班", []]);
    expect((await saveRecord(one, there.wires)).problem).toBeNull();
    expect([there.draft!.version, one.version, isSaved(one)]).toEqual([1, 2, true]);

    there.draft = { ...there.draft!, content: { ...there.draft!.content, activities: "班组查过" } };
    expect(goOnUpon(one, { ...recorded, version: 3, situation: "看了两处", draft: there.draft })).toBe(1);
    expect([one.situation, one.activities, one.conflicts]).toEqual(["看了两处", "班组查过", []]);
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
