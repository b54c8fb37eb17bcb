import { beforeEach, describe, expect, it, vi } from "vitest";

import { offline, Problem } from "@/api/problem";

const ME = { id: "p-1", name: null, phone: null, enterprise: null, unread: 0, open_tasks: null };
const calls = {
  putHazard: vi.fn(), putAnswer: vi.fn(), putReopening: vi.fn(), putSuggestion: vi.fn(), getTask: vi.fn(), getVisit: vi.fn(), submitTask: vi.fn(), sendPhoto: vi.fn(),
  sendFile: vi.fn(), putRecord: vi.fn(), putCheckIn: vi.fn(), withdraw: vi.fn(), getCampaign: vi.fn(),
};
const TASK = { id: "t-1", title: "冬季检查", response: { answers: { room: "一号间" }, skipped: {}, text: "", version: 2 } } as never;
const storage = new Map<string, unknown>();

vi.mock("@/api/calls", () => calls);
vi.mock("@/platform/photos", () => ({ keepPhoto: vi.fn(), forgetPhoto: vi.fn(async () => undefined), photoAddress: vi.fn() }));
vi.mock("@/platform/network", () => ({ network: { online: true }, watchNetwork: vi.fn() }));
vi.mock("@/api/session", async () => {
  const { reactive } = await import("vue");
  return { session: reactive({ me: ME }), canSignIn: () => true, tokenNow: vi.fn(async () => "token") };
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
  return { session: session as { me: { id: string } | null }, ...(await import("@/outbox/outbox")), ...(await import("@/outbox/begin")) };
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

  it("reads what the first versions of the app have kept, shows it and sends it under the name of whoever signs in", async () => {
    const first = { createdAt: 1, state: "sending", declared: false, arrived: [], attempts: 0, nextTryAt: 0, problem: null };
    const photos = [{ key: "k", sha256: "aa", size: 7 }];
    const place = { enterpriseId: "e-1", enterpriseName: "示例船厂", areaId: null, areaName: "", text: "东门", coordinates: null };
    storage.set("outbox.index", ["h", "a"]);
    storage.set("outbox.h", { ...first, id: "h", kind: "hazard", category: "fire", description: "门锁着", place, photos });
    storage.set("outbox.a", { ...first, id: "a", kind: "answer", submissionId: "s-1", firstPosition: 1, text: "二号车间", photos: [] });
    calls.putAnswer.mockResolvedValue({ photos: [] });
    calls.sendPhoto.mockResolvedValue({});
    const app = await start();
    const { progressText } = await import("@/outbox/parcel");
    expect(app.parcels.value.map((parcel) => progressText(parcel, true))).toEqual(["0/1 张已上传，正在发送…", "正在发送…"]);
    await app.flush(true);
    expect(calls.putHazard).toHaveBeenCalledWith("h", expect.objectContaining({ category: "fire", place: "东门", is_anonymous: false, photos: [{ sha256: "aa", size: 7 }] }));
    expect(calls.putAnswer).toHaveBeenCalledWith("s-1", "a", { text: "二号车间", photos: [] });
    expect(app.parcels.value).toEqual([]);
  });

  it("makes room for a photo with originals whose report has arrived, and says so only if there are none left", async () => {
    const app = await start();
    const { keepPhoto, forgetPhoto } = vi.mocked(await import("@/platform/photos"));
    const { keepOriginals } = await import("@/outbox/originals");
    const picture = { source: "a photo", size: 7 };
    keepPhoto.mockRejectedValueOnce(new Error("full")).mockResolvedValue(new ArrayBuffer(7));
    await keepOriginals([{ key: "copy", sha256: "hash", size: 1, original: { key: "whole", size: 9 } }], "p-1");
    expect(await app.addPhoto(app.startHazard(), picture)).toMatchObject({ size: 7 });
    expect(forgetPhoto.mock.calls).toEqual([["whole"]]);
    keepPhoto.mockRejectedValue(new Error("full"));
    await expect(app.addPhoto(app.startHazard(), picture)).rejects.toThrow("full");
  });

  it("says a report again whose photos never came, in its place when it is sent, and holds back what is paused", async () => {
    const app = await start();
    const old = { id: "old", location_code: "K7QM-2XWD", category: "fire", description: "门锁着", place: "二号车间", coordinates: null, enterprise_name: "别家", is_anonymous: true, is_direct: false };
    const draft = app.startAgain(old as never);
    expect(draft).toMatchObject({ replaces: ["old"], category: "fire", isAnonymous: true, place: { text: "二号车间", enterpriseId: null, code: undefined } });
    app.submit(draft);
    app.pause(draft, true);
    calls.putHazard.mockClear();
    await app.flush(true);
    expect(calls.putHazard).not.toHaveBeenCalled();
    await app.cancel(draft);
    expect([app.parcels.value, calls.withdraw.mock.calls.flat()]).toEqual([[], expect.arrayContaining(["old"])]);
  });

  it("leaves with the union what has arrived while the worker was about to look at it again", async () => {
    const app = await start();
    const draft = app.startHazard();
    app.submit(draft);
    await vi.waitFor(() => expect(app.parcels.value).toEqual([]));
    app.hold(draft);
    await app.flush(true);
    expect(app.parcels.value).toEqual([]);
    expect(calls.withdraw).not.toHaveBeenCalled();
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

  it("gives a draft that was changed after the server had seen it a new id, and takes the old version back when the new one goes out", async () => {
    const app = await start();
    const draft = app.startHazard();
    const old = draft.id;
    Object.assign(draft, { declared: true, arrived: ["a"], state: "refused" });
    app.edited(draft);
    expect(draft).toMatchObject({ declared: false, arrived: [], state: "editing" });
    expect(draft.id).not.toBe(old);
    expect(calls.withdraw).not.toHaveBeenCalled();
    const after = await start();
    expect(after.parcels.value.map(({ id }) => id)).toEqual([draft.id]);
    after.submit(after.findParcel(draft.id)!);
    await vi.waitFor(() => expect(after.parcels.value).toEqual([]));
    expect(calls.withdraw).toHaveBeenCalledWith(old);
    expect(calls.withdraw.mock.invocationCallOrder[0]).toBeLessThan(calls.putHazard.mock.invocationCallOrder[0]!);
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

  it("keeps what the worker writes into an answer while an earlier version of it is on its way, and says that one has arrived", async () => {
    const app = await start();
    const answer = app.answerFor("h-1");
    answer.text = "旧的话";
    app.edited(answer);
    let arrive: (value: unknown) => void = () => undefined;
    calls.putAnswer.mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)));
    app.submit(answer);
    await vi.waitFor(() => expect(calls.putAnswer).toHaveBeenCalledOnce());
    answer.text = "新的话";
    app.edited(answer);
    arrive({ photos: [] });
    await vi.waitFor(() => expect(answer.problem?.code).toBe("earlier_arrived"));
    const [kept] = (await start()).parcels.value;
    expect(kept).toMatchObject({ text: "新的话", state: "editing" });
  });

  it("keeps what another tab of the page has put there", async () => {
    const [one, other] = [await start(), await start()];
    const mine = one.startHazard();
    const theirs = other.startHazard();
    one.edited(mine);
    await other.discard(theirs);
    expect((await start()).parcels.value.map(({ id }) => id)).toEqual([mine.id]);
  });

  it("never takes the name of the enterprise for the place of a report", async () => {
    const app = await start();
    app.session.me = { ...ME, enterprise: { id: "e-1", name: "示例船厂" } } as never;
    expect(app.startHazard().place).toMatchObject({ enterpriseId: "e-1", enterpriseName: "示例船厂", text: "" });
    storage.set("outbox.place", { enterpriseId: "e-1", text: "示例船厂" }); // as earlier versions kept it
    expect(app.startHazard().place.text).toBe("");
    storage.set("outbox.place", { enterpriseId: "e-1", text: "3号车间东门" });
    expect(app.startHazard().place.text).toBe("3号车间东门");
  });

  it("goes to one's own enterprise once it is known who reports, unless another place was chosen", async () => {
    const app = await start();
    const { tokenNow } = vi.mocked((await import("@/api/session")) as { tokenNow: () => Promise<string> });
    const me = { ...ME, enterprise: { id: "e-1", name: "示例船厂" } };
    for (const [chosen, expected] of [[{}, "e-1"], [{ isOpen: false }, null], [{ areaId: "a-1" }, null]] as const) {
      app.session.me = null;
      const draft = app.startHazard();
      Object.assign(draft, { category: "fire", photos: [{ key: "k", sha256: "h", size: 1 }] });
      Object.assign(draft.place, { text: "3号车间东门", ...chosen });
      tokenNow.mockImplementationOnce(async () => {
        app.session.me = me;
        return "token";
      });
      calls.putHazard.mockClear();
      app.submit(draft);
      await vi.waitFor(() => expect(calls.putHazard).toHaveBeenCalled());
      expect(calls.putHazard.mock.calls[0]![1]).toMatchObject({ enterprise_id: expected, place: "3号车间东门" });
    }
  });

  it("goes on with a task's answer from what the server has, and has it back after the app was killed", async () => {
    const app = await start();
    const answer = app.responseFor(TASK);
    answer.answers.count = 2;
    app.edited(answer);
    const after = await start();
    expect(after.responseFor(TASK)).toMatchObject({ id: answer.id, answers: { room: "一号间", count: 2 }, base: { version: 2 } });
    expect(after.parcels.value).toHaveLength(1);
  });

  it("sends a task's answer once under one key, however often the line is cut and the app killed", async () => {
    let app = await start();
    const photo = { key: "k-1", sha256: "a", size: 1, field: "door" };
    const answer = app.responseFor(TASK);
    Object.assign(answer, { photos: [photo], state: "sending" });
    app.save(answer);
    const key = answer.id;
    calls.sendFile.mockRejectedValueOnce(offline());
    await app.flush(true);
    calls.submitTask.mockRejectedValueOnce(offline()); // the server has it: only its answer got lost
    app = await start();
    await app.flush(true);
    app = await start();
    await app.flush(true);
    expect(app.parcels.value).toEqual([]);
    expect(calls.sendFile).toHaveBeenCalledTimes(2);
    expect(calls.submitTask.mock.calls.map(([id, body]) => [id, body.key, body.version])).toEqual([["t-1", key, 2], ["t-1", key, 2]]);
  });

  it("gives a task's answer that is changed on its way another key, and sends none of its photos twice", async () => {
    const app = await start();
    const answer = app.responseFor(TASK);
    Object.assign(answer, { photos: [{ key: "k-1", sha256: "a", size: 1, field: "door" }], arrived: ["k-1"], state: "sending" });
    const key = answer.id;
    app.hold(answer);
    expect(answer).toMatchObject({ state: "editing", arrived: ["k-1"] });
    expect(answer.id).not.toBe(key);
    app.submit(answer);
    await vi.waitFor(() => expect(app.parcels.value).toEqual([]));
    expect(calls.sendFile).not.toHaveBeenCalled();
    expect(calls.withdraw).not.toHaveBeenCalled();
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
