import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Attempt } from "@/api/types";

const calls = {
  getAttempt: vi.fn(), getExam: vi.fn(), getQuiz: vi.fn(), saveAnswer: vi.fn(), saveExamAnswer: vi.fn(), startAttempt: vi.fn(),
  startExamAttempt: vi.fn(), submitAttempt: vi.fn(),
};
const storage = new Map<string, unknown>();

vi.mock("@/api/calls", () => calls);
vi.mock("@/api/session", async () => {
  const { reactive } = await import("vue");
  return { session: reactive({ me: { id: "p-1" } }) };
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
  const { offline, Problem } = await import("@/api/problem"); // of this life: each has its own classes
  return { session: session as { me: { id: string } }, offline, Problem, ...(await import("@/quiz/player")), ...(await import("@/quiz/starting")), ...(await import("@/training/exam")) };
}

function attempt(changes: Partial<Attempt> = {}, chosen: number[][] = [[], []]): Attempt {
  const questions = chosen.map((ticked, position) => ({ position, kind: "single", stem: "", options: ["甲", "乙"], chosen: ticked }));
  return {
    id: "a-1", quiz_id: "q-1", level: 1, level_name: "", status: "running", started_at: "2026-11-25T12:00:00Z", now: "2026-11-25T12:00:00Z",
    deadline_at: "2026-11-25T12:05:00Z", questions, ...changes,
  } as unknown as Attempt;
}

beforeEach(() => {
  vi.useFakeTimers();
  storage.clear();
  vi.resetAllMocks();
  calls.getAttempt.mockImplementation(async () => attempt());
  calls.saveAnswer.mockResolvedValue({ answered: 1, seconds_left: 200 });
  calls.submitAttempt.mockResolvedValue({});
});
afterEach(() => void vi.useRealTimers());

describe("playing", () => {
  it("saves an answer as it is given, and takes the time left from the server", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    await app.answer(0, 1);
    expect(calls.saveAnswer.mock.calls).toEqual([["a-1", 0, [1]]]);
    expect(app.play.keeping).toBe("saved");
    expect(app.timeLeft()).toBe(200);
  });

  it("keeps what could not be sent, says so, and sends it by itself later", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    calls.saveAnswer.mockRejectedValueOnce(app.offline());
    await app.answer(0, 1);
    expect(app.play).toMatchObject({ keeping: "kept", sheet: { unsent: [0], chosen: { 0: [1] } } });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(app.play).toMatchObject({ keeping: "saved", sheet: { unsent: [] } });
  });

  it("has unsent answers back after the app was killed, without any signal", async () => {
    const before = await start();
    await before.openAttempt("a-1");
    calls.saveAnswer.mockRejectedValue(before.offline());
    await before.answer(1, 0);
    calls.getAttempt.mockRejectedValue(before.offline());
    const after = await start();
    await after.openAttempt("a-1");
    expect(after.play).toMatchObject({ keeping: "kept", countdown: null, sheet: { unsent: [1], chosen: { 1: [0] } } });
    expect(after.timeLeft()).toBeNull();
  });

  it("goes on on another phone with what was saved there", async () => {
    calls.getAttempt.mockResolvedValue(attempt({}, [[1], []]));
    const app = await start();
    await app.openAttempt("a-1");
    expect(app.play.sheet?.chosen).toEqual({ 0: [1], 1: [] });
  });

  it("shows a person nothing of what another left on this phone, and sends none of it", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    calls.saveAnswer.mockRejectedValue(app.offline());
    await app.answer(0, 1);
    app.leave();
    app.session.me = { id: "p-2" };
    calls.saveAnswer.mockClear();
    await app.sendKept();
    expect(calls.saveAnswer).not.toHaveBeenCalled();
    calls.getAttempt.mockRejectedValue(new app.Problem(404, "attempt_not_found", "没有找到这次闯关。"));
    await app.openAttempt("a-1");
    expect(app.play.sheet).toBeNull();
  });

  it("sends answers of an earlier life whichever page is open", async () => {
    const before = await start();
    await before.openAttempt("a-1");
    calls.saveAnswer.mockRejectedValueOnce(before.offline());
    await before.answer(0, 1);
    calls.saveAnswer.mockClear();
    const after = await start();
    await after.sendKept();
    expect(calls.saveAnswer.mock.calls).toEqual([["a-1", 0, [1]]]);
    await after.sendKept();
    expect(calls.saveAnswer).toHaveBeenCalledOnce();
  });

  it("does not let an old word of the server undo a newer answer", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    let reply: (value: Attempt) => void = () => undefined;
    calls.getAttempt.mockImplementationOnce(() => new Promise((resolve) => (reply = resolve)));
    calls.getAttempt.mockImplementation(async () => attempt({}, [[1], []]));
    const asking = app.refresh("a-1");
    await Promise.resolve();
    await app.answer(0, 1);
    reply(attempt());
    await asking;
    expect(app.play.sheet?.chosen[0]).toEqual([1]);
  });
});

describe("handing in", () => {
  it("takes along what was not saved, and leads to the result", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    calls.saveAnswer.mockRejectedValueOnce(app.offline());
    await app.answer(0, 1);
    await app.handIn();
    expect(calls.submitAttempt).toHaveBeenCalledWith("a-1", [{ position: 0, chosen: [1] }]);
    expect(app.play).toMatchObject({ graded: "a-1", sheet: null });
  });

  it("without signal is done when the signal returns, also after the app was killed", async () => {
    const before = await start();
    await before.openAttempt("a-1");
    calls.submitAttempt.mockRejectedValueOnce(before.offline());
    await before.handIn();
    expect(before.play).toMatchObject({ graded: null, sheet: { isHandingIn: true } });
    const after = await start();
    await after.sendKept();
    expect(calls.submitAttempt).toHaveBeenCalledTimes(2);
  });

  it("happens by itself when the server says that the time is over", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    calls.getAttempt.mockResolvedValue(attempt({ now: "2026-11-25T12:05:00Z" }));
    await app.timeIsUp();
    await vi.advanceTimersByTimeAsync(0);
    expect(app.play.graded).toBe("a-1");
  });

  it("does not happen because a phone's clock ran ahead", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    calls.getAttempt.mockResolvedValue(attempt({ now: "2026-11-25T12:01:00Z" }));
    await app.timeIsUp();
    expect(calls.submitAttempt).not.toHaveBeenCalled();
    expect(app.timeLeft()).toBe(240);
  });

  it("follows when an answer comes too late: what arrived in time counts", async () => {
    const app = await start();
    await app.openAttempt("a-1");
    calls.saveAnswer.mockRejectedValueOnce(new app.Problem(409, "attempt_over", "时间到了，或者已经交卷，不能再改。"));
    await app.answer(0, 1);
    await vi.advanceTimersByTimeAsync(10);
    expect(app.play.graded).toBe("a-1");
  });
});

describe("starting", () => {
  it("uses the same id again when the answer was lost, so that no try is", async () => {
    const app = await start();
    calls.startAttempt.mockRejectedValueOnce(app.offline());
    await expect(app.startLevel("q-1", 1)).rejects.toMatchObject({ code: "offline" });
    calls.startAttempt.mockImplementation(async (id: string) => attempt({ id }));
    const again = await start();
    const id = await again.startLevel("q-1", 1);
    expect(calls.startAttempt.mock.calls.map(([used]) => used)).toEqual([id, id]);
  });

  it("takes a new id when the try of the old one is long over", async () => {
    const app = await start();
    storage.set("quiz.start.p-1.q-1.1", "a-old");
    calls.startAttempt.mockImplementation(async (id: string) => attempt({ id, status: id === "a-old" ? "graded" : "running" }));
    expect(await app.startLevel("q-1", 1)).not.toBe("a-old");
  });

  it("goes on with the attempt that runs on another phone", async () => {
    const app = await start();
    calls.startAttempt.mockRejectedValueOnce(new app.Problem(409, "attempt_running", "这一关还有没交卷的，先答完它。"));
    calls.getQuiz.mockResolvedValue({ levels: [{ number: 1, running_attempt_id: "a-other" }] });
    expect(await app.startLevel("q-1", 1)).toBe("a-other");
  });

  it("starts a test after a training the same way, and sends its answers to its own door", async () => {
    const app = await start();
    calls.startExamAttempt.mockRejectedValueOnce(new app.Problem(409, "attempt_running", "还有没交的卷子，先答完它。"));
    calls.getExam.mockResolvedValue({ running_attempt_id: "e-other" });
    expect(await app.startExam("s-1")).toBe("e-other");
    calls.startExamAttempt.mockImplementation(async (id: string) => attempt({ id }));
    calls.saveExamAnswer.mockRejectedValueOnce(app.offline());
    const id = await app.startExam("s-1");
    calls.getAttempt.mockRejectedValue(app.offline());
    await app.openAttempt(id, "exam");
    await app.answer(0, 1);
    expect(calls.saveExamAnswer.mock.calls).toEqual([[id, 0, [1]]]);
    expect(calls.saveAnswer).not.toHaveBeenCalled();
  });
});
