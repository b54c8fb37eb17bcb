import { beforeEach, expect, it, vi } from "vitest";

import type { Mark } from "@/drawing/marks";

const calls = {
  putHazard: vi.fn(), putAnswer: vi.fn(), putReopening: vi.fn(), putSuggestion: vi.fn(), getTask: vi.fn(), submitTask: vi.fn(), sendPhoto: vi.fn(),
  sendFile: vi.fn(), getVisit: vi.fn(), putRecord: vi.fn(), putCheckIn: vi.fn(), withdraw: vi.fn(), getCampaign: vi.fn(), listOriginals: vi.fn(async () => ({ items: [] })),
};
const storage = new Map<string, unknown>();
const files = new Map<string, ArrayBuffer>();
const painted = vi.fn();

vi.mock("@/api/calls", () => calls);
vi.mock("@/platform/canvas", () => ({ painted }));
vi.mock("@/platform/photos", () => ({
  keepPhoto: async (key: string, source: string) => (files.set(key, new TextEncoder().encode(source).buffer as ArrayBuffer), files.get(key)),
  forgetPhoto: async (key: string) => void files.delete(key),
  partOf: async () => new ArrayBuffer(0), headOf: async () => new ArrayBuffer(0), photoAddress: vi.fn(),
}));
vi.mock("@/platform/network", () => ({ network: { online: true, wifi: false }, watchNetwork: vi.fn() }));
vi.mock("@/api/session", async () => {
  const { reactive } = await import("vue");
  return { session: reactive({ me: { id: "p-1", enterprise: { id: "e-1", name: "蓝海船舶" } } }), canSignIn: () => true, tokenNow: vi.fn() };
});
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, value),
  removeStorageSync: (key: string) => storage.delete(key),
});

const BLUR: Mark = { kind: "blur", path: [[0.5, 0.5]] };
const ARROW: Mark = { kind: "arrow", from: [0.1, 0.1], to: [0.4, 0.4] };

async function begin() {
  vi.resetModules();
  const app = { ...(await import("@/outbox/outbox")), ...(await import("@/outbox/begin")), ...(await import("@/outbox/drawn")), ...(await import("@/lib/stamp")) };
  const draft = app.startHazard();
  draft.place.text = "3号车间";
  const photo = await app.addPhoto(draft, { source: "as taken", size: 8 });
  if (!photo) throw new Error("no photo");
  const kept = draft.photos[0];
  if (!kept) throw new Error("no photo");
  return { ...app, draft, photo: kept };
}

type Declared = { sha256: string; edits?: string[]; original?: { sha256: string } };
const declared = (): Declared => calls.putHazard.mock.lastCall?.[1].photos[0];
const lines = (): string[] => {
  const words: string[] = [];
  const context = new Proxy({}, { get: (_, name) => (name === "fillText" ? (text: string) => words.push(text) : name === "measureText" ? () => ({ width: 1 }) : name === "getImageData" ? () => ({ data: [] }) : () => undefined), set: () => true });
  painted.mock.lastCall?.[1]({ context, width: 800, height: 600 });
  return words;
};

beforeEach(() => {
  storage.clear();
  files.clear();
  vi.clearAllMocks();
  painted.mockImplementation(async () => ({ source: `drawn ${painted.mock.calls.length}`, size: 7 }));
  calls.putHazard.mockResolvedValue({ photos: [] });
  calls.sendPhoto.mockResolvedValue({});
});

it("what goes out is the copy that was drawn on; the clean one is kept until then, and of a blurred photo never follows", async () => {
  const { draft, photo, setMarks, submit, parcels } = await begin();
  const clean = { ...photo };
  await setMarks(draft, photo, [ARROW, BLUR]);
  expect(photo.sha256).not.toBe(clean.sha256);
  expect([...files.keys()]).toEqual([clean.key, photo.key]);
  submit(draft);
  await vi.waitFor(() => expect(parcels.value).toEqual([]));
  expect(declared()).toEqual({ sha256: photo.sha256, size: photo.size, edits: ["blur", "marks"] });
  expect(calls.sendPhoto.mock.lastCall?.[1]).toMatchObject({ key: photo.key });
  await vi.waitFor(() => expect(files.size).toBe(0));
});

it("of a photo with arrows alone the one without them follows; undone, it is again as it was taken", async () => {
  const { draft, photo, setMarks, submit, parcels } = await begin();
  const clean = { ...photo };
  await setMarks(draft, photo, [ARROW]);
  await setMarks(draft, photo, []);
  expect({ ...photo }).toMatchObject({ key: clean.key, sha256: clean.sha256, original: undefined, drawn: undefined });
  expect([...files.keys()]).toEqual([clean.key]);
  await setMarks(draft, photo, [ARROW]);
  submit(draft);
  await vi.waitFor(() => expect(parcels.value).toEqual([]));
  expect(declared()).toMatchObject({ edits: ["marks"], original: { sha256: clean.sha256 } });
  expect([...files.keys()]).toEqual([clean.key]); // to follow
});

it("each stroke is there after a restart, before the copy with it is made", async () => {
  const { draft, photo, noteMarks } = await begin();
  const marks: Mark[] = [BLUR];
  noteMarks(draft, photo, marks);
  marks.push(ARROW);
  noteMarks(draft, photo, marks);
  expect(painted).not.toHaveBeenCalled();
  expect(storage.get(`outbox.${draft.id}`)).toMatchObject({ photos: [{ key: photo.key, marks: [BLUR, ARROW] }] });
});

it("a machine is shown what was drawn without time and place, and nothing at all where that fails", async () => {
  const { draft, photo, setStamp, setMarks, withoutWords } = await begin();
  setStamp(true);
  await setMarks(draft, photo, [BLUR]);
  const before = [...files.keys()];
  const shown = await withoutWords(photo, async (key) => (expect(before).not.toContain(key), expect(files.has(key)).toBe(true), lines()));
  expect(shown).toEqual([]);
  expect([...files.keys()]).toEqual(before);
  painted.mockRejectedValue(new Error("no memory"));
  await expect(withoutWords(photo, async () => "shown")).rejects.toThrow("no memory");
  Object.assign(photo, { marks: undefined });
  expect(await withoutWords(photo, async (key) => key)).toBe(before[0]);
});

it("what hides somebody goes out drawn or not at all", async () => {
  const { draft, photo, setMarks, submit, flush, parcels } = await begin();
  painted.mockRejectedValue(new Error("no memory"));
  await expect(setMarks(draft, photo, [BLUR])).rejects.toThrow("no memory");
  await expect(setMarks(draft, photo, [BLUR])).rejects.toThrow("no memory"); // said again, it is no better kept
  submit(draft);
  await vi.waitFor(() => expect(draft.problem?.code).toBe("not_drawn"));
  expect(calls.putHazard).not.toHaveBeenCalled();
  painted.mockResolvedValue({ source: "drawn at last", size: 13 });
  await flush(true);
  expect(parcels.value).toEqual([]);
  expect(declared().edits).toEqual(["blur"]);
});

it("time and place are written when it goes, of a report by nobody the day alone, and not at all where that fails", async () => {
  const { draft, photo, setAnonymous, setStamp, setMarks, drawWordsAnew, submit, parcels } = await begin();
  setStamp(true);
  Object.assign(photo, { shot: { taken_at: "2026-11-20T09:15:30+08:00" } });
  await setMarks(draft, photo, [ARROW]);
  expect(lines()).toEqual(["2026-11-20 09:15 拍摄", "蓝海船舶 3号车间"]);
  setAnonymous(draft, true);
  await drawWordsAnew(draft); // the form's small picture, before it is sent
  expect(lines()).toEqual(["2026-11-20"]);
  submit(draft);
  await vi.waitFor(() => expect(parcels.value).toEqual([]));
  expect(painted).toHaveBeenCalledTimes(2); // not drawn again
  expect(declared().edits).toEqual(["marks", "stamp"]);

  painted.mockRejectedValue(new Error("no memory"));
  const next = await begin();
  next.setStamp(true);
  next.submit(next.draft);
  await vi.waitFor(() => expect(next.parcels.value).toEqual([]));
  expect(declared().edits).toBeUndefined();
});
