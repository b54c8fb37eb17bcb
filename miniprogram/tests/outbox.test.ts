import { beforeEach, describe, expect, it, vi } from "vitest";

import { offline, Problem } from "@/api/problem";

const ME = { id: "p-1", name: null, phone: null, enterprise: null, unread: 0 };
const calls = { putHazard: vi.fn(), putAnswer: vi.fn(), putReopening: vi.fn(), putSuggestion: vi.fn(), sendPhoto: vi.fn(), withdraw: vi.fn(), getCampaign: vi.fn() };
const storage = new Map<string, unknown>();

vi.mock("@/api/calls", () => calls);
vi.mock("@/platform/photos", () => ({ keepPhoto: vi.fn(), forgetPhoto: vi.fn(async () => undefined), photoAddress: vi.fn() }));
vi.mock("@/platform/network", () => ({ network: { online: true }, watchNetwork: vi.fn() }));
vi.mock("@/api/session", async () => {
  const { reactive } = await import("vue");
  return { session: reactive({ me: ME }), canSignIn: () => true };
});
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, value),
  removeStorageSync: (key: string) => storage.delete(key),
});

/** The app as it is after a start: only what was stored is left. */
async function start() {
  vi.resetModules();
  const { session } = await import("@/api/session");
  return { session: session as { me: { id: string } | null }, ...(await import("@/outbox/outbox")) };
}

beforeEach(() => {
  storage.clear();
  vi.clearAllMocks();
  calls.putHazard.mockResolvedValue({ photos: [] });
  calls.withdraw.mockResolvedValue({});
});

describe("the outbox", () => {
  it("has its drafts back after the app was killed", async () => {
    const before = await start();
    const draft = before.startHazard();
    draft.category = "fire";
    before.edited(draft);
    const after = await start();
    expect(after.parcels.value.map(({ id, kind }) => [id, kind])).toEqual([[draft.id, "hazard"]]);
    expect(after.parcels.value[0]).toMatchObject({ category: "fire", state: "editing" });
  });

  it("neither shows nor sends under one name what another person left on the phone", async () => {
    const app = await start();
    app.session.me = { id: "p-1" };
    const draft = app.startHazard();
    draft.state = "sending";
    app.session.me = { id: "p-2" };
    await app.flush(true);
    expect(app.parcels.value).toEqual([]);
    expect(calls.putHazard).not.toHaveBeenCalled();
    app.session.me = { id: "p-1" };
    await app.flush(true);
    expect(calls.putHazard).toHaveBeenCalledOnce();
  });

  it("gives a draft that was changed after the server had seen it a new id, and takes the old version back", async () => {
    const app = await start();
    const draft = app.startHazard();
    const old = draft.id;
    Object.assign(draft, { declared: true, arrived: ["a"], state: "refused" });
    app.edited(draft);
    expect(draft).toMatchObject({ declared: false, arrived: [], state: "editing" });
    expect(draft.id).not.toBe(old);
    expect(calls.withdraw).toHaveBeenCalledWith(old);
    expect((await start()).parcels.value.map(({ id }) => id)).toEqual([draft.id]);
  });

  it("gives an anonymous report an id that tells the day in Shanghai and nothing finer, whenever it gets one", async () => {
    const app = await start();
    const draft = app.startHazard();
    const made = (): number => Number.parseInt(draft.id.replace(/-/g, "").slice(0, 12), 16);
    const intoTheDay = (): number => (made() + 8 * 3_600_000) % 86_400_000;
    app.setAnonymous(draft, true);
    expect(intoTheDay()).toBe(0);
    expect(Date.now() - made()).toBeLessThan(86_400_000);
    draft.declared = true;
    app.edited(draft);
    expect(intoTheDay()).toBe(0);
    calls.putHazard.mockRejectedValueOnce(new Problem(409, "content_differs", ""));
    draft.state = "sending";
    await app.flush(true);
    expect(intoTheDay()).toBe(0);
    app.setAnonymous(draft, false);
    expect(Date.now() - made()).toBeLessThan(60_000);
    expect((await start()).parcels.value.map(({ id }) => id)).toEqual([draft.id]);
  });

  it("keeps what could not be sent, and forgets it only when the server has everything", async () => {
    const app = await start();
    const heard: string[] = [];
    app.onSent((parcel) => heard.push(parcel.id));
    const draft = app.startHazard();
    calls.putHazard.mockRejectedValueOnce(offline());
    draft.state = "sending";
    await app.flush(true);
    expect(app.parcels.value).toHaveLength(1);
    expect(storage.get(`outbox.${draft.id}`)).toMatchObject({ attempts: 1 });
    await app.flush(true);
    expect(app.parcels.value).toEqual([]);
    expect(heard).toEqual([draft.id]);
    expect(storage.has(`outbox.${draft.id}`)).toBe(false);
  });
});
