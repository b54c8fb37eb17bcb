import { beforeEach, describe, expect, it, vi } from "vitest";

import { offline, Problem } from "@/api/problem";
import type { PhotoArrival, Rectification, Submission, Task } from "@/api/types";
import { newAnswer } from "@/kinds/answer";
import { newCheckIn } from "@/kinds/checkIn";
import { hazardBody, missing, newHazard, type HazardParcel } from "@/kinds/hazard";
import type { Parcel } from "@/kinds/index";
import type { KeptPhoto } from "@/kinds/parcel";
import { newReopening } from "@/kinds/reopen";
import { newResponse } from "@/kinds/response";
import { missingInSuggestion, newSuggestion } from "@/kinds/suggestion";
import { pauseAfter, progressText } from "@/outbox/parcel";
import { sendParcel, type Wires } from "@/outbox/sender";
import { readCode, typedCode } from "@/training/codes";

vi.hoisted(() => vi.stubGlobal("uni", { getStorageSync: () => "" })); // read as soon as the app's files are

const PLACE = {
  enterpriseId: "e-1", enterpriseName: "示例船厂", areaId: "a-1", areaName: "城南区", text: " 2号车间 ", coordinates: null,
};
const PHOTOS = ["a", "b", "c"].map((key) => ({ key, sha256: key.repeat(64), size: 10 }));

/** A server that knows what it was told, and a line that can be cut. */
class Line implements Wires {
  calls: string[] = [];
  isFree = true; // of charge
  saved: Parcel[] = [];
  known = new Map<string, Set<number>>();
  answerOf: Record<string, Problem[]> = {};
  clock = 1000;

  fail(call: string, ...problems: Problem[]): void {
    this.answerOf[call] = problems;
  }

  private async heard(call: string): Promise<void> {
    this.calls.push(call);
    const problem = this.answerOf[call]?.shift();
    if (problem) throw problem;
  }

  private submission(id: string, count: number): Submission {
    const here = this.known.get(id) ?? new Set<number>();
    this.known.set(id, here);
    const photos = Array.from({ length: count }, (_, position) => ({
      position, sha256: (PHOTOS[position]?.key ?? "x").repeat(64), state: here.has(position) ? "ready" : "awaited",
    }));
    return { photos } as unknown as Submission;
  }

  mayGo = ({ video }: KeptPhoto): boolean => !video || this.isFree;

  async putHazard(id: string): Promise<Submission> {
    await this.heard(`put ${id}`);
    return this.submission(id, 3);
  }

  async putAnswer(submissionId: string, id: string): Promise<Submission> {
    await this.heard(`answer ${submissionId} ${id}`);
    return this.submission(submissionId, 5);
  }

  async putRecord(visitId: string): Promise<unknown> {
    await this.heard(`record ${visitId}`);
    return {};
  }

  async putReopening(submissionId: string, id: string): Promise<Rectification> {
    await this.heard(`reopen ${submissionId} ${id}`);
    return {} as Rectification;
  }

  async putSuggestion(id: string): Promise<Submission> {
    await this.heard(`suggest ${id}`);
    return this.submission(id, 0);
  }

  async sendPhoto(id: string, { key }: KeptPhoto, position: number): Promise<PhotoArrival> {
    await this.heard(`photo ${key}@${position}`);
    this.known.get(id)?.add(position);
    return {} as PhotoArrival;
  }

  task = { id: "t-1", title: "冬季检查", response: { answers: {}, skipped: {}, text: "", version: 3 } };

  async getVisit(): Promise<never> {
    throw offline();
  }

  async getTask(id: string): Promise<Task> {
    await this.heard(`task ${id}`);
    return this.task as unknown as Task;
  }

  async submitTask(id: string, { key, version }: { key: string; version: number }): Promise<void> {
    await this.heard(`submit ${id} ${key} ${version}`);
  }

  async sendFile(taskId: string, { key, field }: KeptPhoto): Promise<void> {
    await this.heard(`file ${taskId} ${key} ${field}`);
  }

  async putCheckIn(id: string, door: string, { code, taken_at }: { code: string; taken_at?: string | null }): Promise<void> {
    await this.heard(`${door} ${id} ${code} ${taken_at ?? "now"}`);
  }

  async withdraw(id: string): Promise<void> {
    await this.heard(`withdraw ${id}`);
  }

  isCurrent = (): boolean => true;

  save(parcel: Parcel): void {
    this.saved.push(JSON.parse(JSON.stringify(parcel)) as Parcel);
  }

  now = (): number => this.clock;
  newId = (): string => "new-id";
}

let line: Line;
let parcel: HazardParcel;

beforeEach(() => {
  line = new Line();
  parcel = { ...newHazard("h-1", 0, { ...PLACE }), category: "fire", photos: PHOTOS.map((photo) => ({ ...photo })), state: "sending" };
});

describe("sending a hazard", () => {
  it("declares it once and sends each photo in its place", async () => {
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls).toEqual(["put h-1", "photo a@0", "photo b@1", "photo c@2"]);
  });

  it("says what the worker wrote, trimmed, and no area for an enterprise", () => {
    expect(hazardBody(parcel)).toMatchObject({ place: "2号车间", enterprise_id: "e-1", area_id: null, category: "fire" });
    parcel.place.enterpriseId = null;
    expect(hazardBody(parcel)).toMatchObject({ enterprise_id: null, area_id: "a-1" });
  });

  it("goes on after a cut where it stopped, without sending a photo twice", async () => {
    line.fail("photo b@1", offline());
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls).toEqual(["put h-1", "photo a@0", "photo b@1", "photo b@1", "photo c@2"]);
  });

  it("goes on from what was stored when the app is killed between two photos", async () => {
    line.fail("photo c@2", offline());
    await sendParcel(parcel, line);
    const revived = line.saved.at(-1) as Parcel;
    expect(revived.arrived).toEqual(["a", "b"]);
    expect(await sendParcel(revived, line)).toBe("sent");
    expect(line.calls.filter((call) => call === "photo a@0")).toHaveLength(1);
  });

  it("believes the server about photos whose answer was lost", async () => {
    line.known.set("h-1", new Set([0, 1]));
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls).toEqual(["put h-1", "photo c@2"]);
  });

  it("waits longer after each failure and starts afresh after a success", async () => {
    line.fail("put h-1", offline(), offline());
    await sendParcel(parcel, line);
    expect(parcel.nextTryAt).toBe(1000 + pauseAfter(1));
    await sendParcel(parcel, line);
    expect(parcel.nextTryAt).toBe(1000 + pauseAfter(2));
    expect(pauseAfter(2)).toBeGreaterThan(pauseAfter(1));
    expect(pauseAfter(99)).toBe(180_000);
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(parcel.attempts).toBe(0);
  });

  it("sends a video last, in its own place, and on a free line alone while the worker saves data", async () => {
    Object.assign(parcel.photos[0] as KeptPhoto, { video: { seconds: 12, poster: "p" } });
    expect(hazardBody(parcel).photos[0]).toEqual({ sha256: "a".repeat(64), size: 10, kind: "video" });
    line.isFree = false;
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(line.calls).toEqual(["put h-1", "photo b@1", "photo c@2"]);
    expect(progressText(parcel, true)).toBe("2/3 张已上传。省流量开着，视频等连上 Wi‑Fi 再发；视频到了，工会才看得到这条。");
    line.isFree = true;
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls.at(-1)).toBe("photo a@0");
  });

  it("keeps trying when the server is in trouble", async () => {
    line.fail("put h-1", new Problem(503, "unavailable", "服务暂时不可用"));
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(parcel.state).toBe("sending");
  });

  it("stops and keeps everything when the server refuses, with its words", async () => {
    line.fail("photo b@1", new Problem(422, "photo_truncated", "照片不完整，请重新拍一张。"));
    expect(await sendParcel(parcel, line)).toBe("refused");
    expect(parcel.problem?.message).toBe("照片不完整，请重新拍一张。");
    expect(parcel.photos).toHaveLength(3);
    expect(line.saved.at(-1)?.state).toBe("refused");
  });

  it("takes a new id when an earlier version of the draft holds the old one, and takes that one back", async () => {
    line.fail("put h-1", new Problem(409, "content_differs", "内容不一样"));
    expect(await sendParcel(parcel, line)).toBe("waiting");
    line.fail("withdraw h-1", offline());
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls.slice(1, 4)).toEqual(["withdraw h-1", "withdraw h-1", "put new-id"]);
  });

  it("no longer counts an earlier version as delivered from before it is taken back, whoever changes it meanwhile", async () => {
    Object.assign(parcel, { replaces: ["h-0"], delivered: "what h-0 said" });
    line.fail("withdraw h-0", offline());
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(line.saved[0]).toMatchObject({ replaces: ["h-0"] });
    expect(line.saved[0]?.delivered).toBeUndefined();
  });

  it("goes out although the union has decided the earlier version already", async () => {
    parcel.replaces = ["h-0"];
    line.fail("withdraw h-0", new Problem(409, "already_decided", "工会已经处理了"));
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls[1]).toBe("put h-1");
  });

  it("stops at the next step when the worker has changed it meanwhile", async () => {
    let steps = 0;
    line.isCurrent = () => ++steps < 3;
    expect(await sendParcel(parcel, line)).toBe("overtaken");
    expect(line.calls).toEqual(["put h-1", "photo a@0"]);
  });

  it("declares itself anew when the server has swept it away", async () => {
    parcel.declared = true;
    parcel.arrived = ["a"];
    line.fail("photo b@1", new Problem(404, "not_found", "没有找到"));
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls).toEqual(["photo b@1", "put h-1", "photo a@0", "photo b@1", "photo c@2"]);
  });
});

describe("sending an answer", () => {
  it("puts its photos behind those of the submission", async () => {
    const answer = newAnswer("a-1", 0, "h-1");
    answer.photos = [{ key: "d", sha256: "d".repeat(64), size: 1 }, { key: "e", sha256: "e".repeat(64), size: 1 }];
    expect(await sendParcel(answer, line)).toBe("sent");
    expect(line.calls).toEqual(["answer h-1 a-1", "photo d@3", "photo e@4"]);
  });
});

describe("sending what came later", () => {
  it("sends the photos of a reopening to its submission, and goes on after a cut", async () => {
    const reopening = newReopening("r-1", 0, "h-1");
    reopening.photos = [{ key: "d", sha256: "d".repeat(64), size: 1 }, { key: "e", sha256: "e".repeat(64), size: 1 }];
    line.fail("photo e@1", offline());
    expect(await sendParcel(reopening, line)).toBe("waiting");
    expect(await sendParcel(reopening, line)).toBe("sent");
    expect(line.calls).toEqual(["reopen h-1 r-1", "photo d@0", "photo e@1", "photo e@1"]);
  });

  it("sends a suggestion without photos in one call", async () => {
    expect(await sendParcel(newSuggestion("s-1", 0), line)).toBe("sent");
    expect(line.calls).toEqual(["suggest s-1"]);
  });

  it("says what a suggestion still needs", () => {
    const draft = { ...newSuggestion("s-1", 0), category: "x", title: "加装护栏", proposal: "在平台边加护栏" };
    expect(missingInSuggestion(draft)).toBeNull();
    expect(missingInSuggestion({ ...draft, proposal: "加" })).toBe("写一下怎么改");
    expect(missingInSuggestion({ ...draft, coAuthors: [{ name: "", phone: "" }] })).toBe("写上共同建议人的姓名");
  });
});

describe("what the worker reads", () => {
  it("counts honestly, and says why it waits", () => {
    parcel.arrived = ["a"];
    expect(progressText(parcel, true)).toBe("1/3 张已上传，正在发送…");
    expect(progressText(parcel, false)).toBe("1/3 张已上传，等网络恢复后自动续传");
    parcel.attempts = 1;
    expect(progressText(parcel, true)).toBe("1/3 张已上传，信号不好，会自动再试");
  });

  it("names the one thing that is missing", () => {
    expect(missing({ ...parcel, photos: [] })).toBe("先拍一张照片");
    expect(missing({ ...parcel, category: "" })).toBe("选一下是哪一类隐患");
    expect(missing({ ...parcel, place: { ...PLACE, text: "  " } })).toBe("写一下在哪里");
    expect(missing(parcel)).toBeNull();
  });
});

describe("an answer to what the union was asked", () => {
  function response(line: Line) {
    const parcel = newResponse("r-1", 0, line.task as unknown as Task);
    const photos = PHOTOS.slice(0, 2).map((photo) => ({ ...photo, field: "door" }));
    return Object.assign(parcel, { state: "sending", photos, answers: { door: { result: "failed", words: "锁着", photos: ["a", "b"] } } });
  }
  const stale = (): Problem => new Problem(409, "stale", "别人改过");

  it("goes out after the photos that it names", async () => {
    const line = new Line();
    expect(await sendParcel(response(line), line)).toBe("sent");
    expect(line.calls).toEqual(["file t-1 a door", "file t-1 b door", "submit t-1 r-1 3"]);
  });

  it("goes on after the last photo that has arrived, under the same key", async () => {
    const line = new Line();
    const parcel = response(line);
    line.fail("file t-1 b door", offline());
    expect(await sendParcel(parcel, line)).toBe("waiting");
    line.fail("submit t-1 r-1 3", offline());
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls.filter((call) => call.startsWith("file"))).toEqual(["file t-1 a door", "file t-1 b door", "file t-1 b door"]);
    expect(line.calls.slice(-2)).toEqual(["submit t-1 r-1 3", "submit t-1 r-1 3"]);
  });

  it("is sent upon the newer version when nothing but this phone's own save has come in between", async () => {
    const line = new Line();
    const parcel = response(line);
    parcel.pending = { answers: { door: { result: "failed", words: "锁", photos: [] } }, skipped: {}, text: "" };
    Object.assign(line.task, { response: { ...parcel.pending, version: 4 } });
    line.fail("submit t-1 r-1 3", stale());
    expect(await sendParcel(parcel, line)).toBe("sent");
    expect(line.calls.slice(-3)).toEqual(["submit t-1 r-1 3", "task t-1", "submit t-1 r-1 4"]);
    expect(parcel.base.version).toBe(4);
  });

  it("is handed back to the person when a colleague has saved something else in between", async () => {
    const line = new Line();
    const parcel = response(line);
    Object.assign(line.task, { response: { answers: { door: { result: "passed", words: "", photos: [] } }, skipped: {}, text: "", version: 4 } });
    line.fail("submit t-1 r-1 3", stale());
    expect(await sendParcel(parcel, line)).toBe("refused");
    expect(parcel).toMatchObject({ state: "refused", problem: { code: "stale" }, base: { version: 3 } });
    expect(line.calls.at(-1)).toBe("task t-1");
  });
});

describe("a code of a training session", () => {
  const LINK = "https://ssp.example/h5/#/training/pages/check-in?s=01a22848-3b5f-77e1-a0f0-f0c4f29229ef&p=out&c=012345";
  const made = (ago: number) =>
    Object.assign(newCheckIn("c-1", Date.now() - ago, { sessionId: "s-1", door: "check-in", title: "课", code: "123456", device: "d" }), { state: "sending" });

  it("goes as it is, and with its moment once it has waited", async () => {
    const line = new Line();
    expect(await sendParcel(made(0), line)).toBe("sent");
    const late = made(60_000);
    expect(await sendParcel(late, line)).toBe("sent");
    expect(line.calls).toEqual(["check-in s-1 123456 now", `check-in s-1 123456 ${new Date(late.createdAt).toISOString()}`]);
  });

  it("waits for the network, keeps its moment, and stays with the person when it is refused", async () => {
    const line = new Line();
    const parcel = made(0);
    line.fail("check-in s-1 123456 now", offline(), new Problem(422, "wrong_code", "不对"));
    expect(await sendParcel(parcel, line)).toBe("waiting");
    expect(await sendParcel(parcel, line)).toBe("refused");
    expect(parcel.problem?.code).toBe("wrong_code");
  });

  it("goes once more with its moment when it was refused after a while, but not when it was refused at once", async () => {
    const line = new Line();
    const slow = made(6_000);
    line.fail("check-in s-1 123456 now", new Problem(422, "wrong_code", "不对"), new Problem(422, "wrong_code", "不对"));
    expect(await sendParcel(slow, line)).toBe("sent");
    expect(await sendParcel(made(0), line)).toBe("refused");
    expect(line.calls).toEqual(["check-in s-1 123456 now", `check-in s-1 123456 ${new Date(slow.createdAt).toISOString()}`, "check-in s-1 123456 now"]);
  });

  it("is read off the trainer's screen, and typed however digits are typed", () => {
    expect(readCode(LINK)).toEqual({ sessionId: "01a22848-3b5f-77e1-a0f0-f0c4f29229ef", door: "check-out", code: "012345" });
    for (const other of ["", "123456", LINK.replace("p=out", "p=x"), LINK.replace("012345", "12345"), "https://evil/pages/check-in?s=1"]) {
      expect(readCode(other)).toBeNull();
    }
    expect([typedCode("012 345"), typedCode("０１２３４５"), typedCode("12345"), typedCode("12a456")]).toEqual(["012345", "012345", null, null]);
  });
});
