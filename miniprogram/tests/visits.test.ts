import { describe, expect, it } from "vitest";

import type { FindingIn, RecordIn, SignatureIn, Visit } from "@/api/types";
import { isBlank } from "@/kinds/index";
import { newRecord, notedOf, recordBody, visit as kind, type Noted } from "@/kinds/visit";
import { dayKey } from "@/lib/time";
import { firstGap, lacksOf, lacksOfSignature, ordersIn } from "@/tasks/visits/checks";

const TODAY = "2026-11-29";
const ORDERS = ["责令", "停产"];
const FINDING: FindingIn = {
  id: "f-1", place: "车间", description: "没有护栏", basis: "", kind: "things", grade: 3, suspected_major: "", suggestion: "建议装护栏", due_on: TODAY, owner: "",
  photos: ["p-1"],
};
const SIGNED: SignatureIn = {
  side: "team", way: "typed", name: "李组长", post: "", reason: "", witness: "", file_id: null, signed_at: "2026-11-29T02:00:00.000Z",
};
const NOTED: Noted = {
  visitedOn: TODAY, answers: {}, skipped: {}, situation: "", activities: "", talks: [], findings: [FINDING], signatures: [SIGNED],
};
const VISIT = {
  id: "v-1", enterprise: "示例船厂", occasion: "抽查", version: 3, visited_on: null, answers: {}, skipped: {}, situation: "", activities: "", talks: [],
  findings: [], signatures: [],
} as unknown as Visit;

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
    expect(told).toEqual([{ key: "r-1", ...recordBody(parcel) }, { key: "r-1", ...recordBody(parcel) }]);
    await kind.sendPhoto(parcel, { key: "p-1", sha256: "a", size: 1, field: "finding.f-1" }, 0, wires);
    expect(files).toEqual([["v-1", { key: "p-1", sha256: "a", size: 1, field: "finding.f-1" }, "visit"]]);
  });

  it("names the day as Shanghai has it", () => {
    expect(dayKey(Date.parse("2026-11-28T17:00:00Z"))).toBe(TODAY);
  });
});
