import { describe, expect, it, vi } from "vitest";

import { offline, Problem } from "@/api/problem";
import type { Task } from "@/api/types";
import { newResponse, type Content, type ResponseParcel } from "@/kinds/response";
import type { Form } from "@/tasks/form";
import { settle, takeIn } from "@/tasks/merge";
import { nextSpot, openSpots, progressOf, screensOf } from "@/tasks/progress";
import { checkAnswers } from "@/tasks/rules";
import { isSaved, saveDraft, type Wires } from "@/tasks/saving";
import { answerText, beforeText, dueText } from "@/tasks/words";

const FORM: Form = {
  sections: [
    {
      key: "s1", title: "锅炉房", may_be_skipped: true,
      fields: [
        { kind: "check", key: "door", label: "门向外开" },
        { kind: "integer", key: "count", label: "几台", required: true },
        { kind: "text", key: "room", label: "在哪里", shown_if: { field: "door", equals: "failed" } },
      ],
    },
    { key: "s2", title: "其他", fields: [{ kind: "prose", key: "more", label: "还有什么" }, { kind: "photo", key: "shots", label: "照片", most: 3 }] },
  ],
};

function parcel(base: Partial<Content> = {}, version = 1): ResponseParcel {
  const response = { answers: {}, skipped: {}, text: "", ...base, version };
  return newResponse("r-1", 0, { id: "t-1", title: "冬季检查", response } as unknown as Task);
}

const theirs = (answers: Content["answers"], version = 2, more: Partial<Content> = {}) =>
  ({ answers, skipped: {}, text: "", ...more, version, edited_by: "王某" });

describe("what a colleague has saved in between", () => {
  it("is taken over where this phone has changed nothing, and what was changed here stays", () => {
    const mine = parcel({ answers: { count: 1 } });
    mine.answers.more = "这里写的";
    expect(takeIn(mine, theirs({ count: 2 }, 2, { skipped: {}, text: "说明" }))).toBe(2);
    expect(mine).toMatchObject({ answers: { count: 2, more: "这里写的" }, text: "说明", conflicts: [], base: { version: 2, answers: { count: 2 } } });
  });

  it("is asked about where both have changed the same, and either choice leaves the other parts alone", () => {
    for (const [choice, count] of [["mine", 3], ["theirs", 2]] as const) {
      const mine = parcel({ answers: { count: 1 } });
      Object.assign(mine.answers, { count: 3, more: "这里写的" });
      takeIn(mine, theirs({ count: 2 }));
      expect(mine.conflicts).toEqual([{ path: "a.count", theirs: 2, by: "王某" }]);
      expect(mine.answers.count).toBe(3);
      settle(mine, "a.count", choice);
      expect(mine).toMatchObject({ answers: { count, more: "这里写的" }, conflicts: [] });
    }
  });

  it("is no conflict when both say the same, in whatever order of the keys", () => {
    const mine = parcel();
    mine.answers.door = { result: "passed", words: "", photos: [] };
    expect(takeIn(mine, theirs({ door: { photos: [], result: "passed", words: "" } }))).toBe(0);
    expect(mine.conflicts).toEqual([]);
  });

  it("is a conflict too where it was taken away, or a whole part was skipped", () => {
    const mine = parcel({ answers: { count: 1 } });
    mine.answers.count = 3;
    mine.skipped.s1 = "没有锅炉";
    takeIn(mine, theirs({}, 2, { skipped: { s1: "锅炉停用" } }));
    expect(mine.conflicts.map(({ path, theirs: value }) => [path, value])).toEqual([["a.count", null], ["s.s1", "锅炉停用"]]);
    settle(mine, "a.count", "theirs");
    expect(mine.answers).toEqual({});
  });

  it("stays asked about when they save once more before the person has chosen", () => {
    const mine = parcel({ answers: { count: 1 } });
    mine.answers.count = 3;
    takeIn(mine, theirs({ count: 2 }));
    takeIn(mine, theirs({ count: 2, more: "再写的" }, 3));
    expect(mine.conflicts).toEqual([{ path: "a.count", theirs: 2, by: "王某" }]);
    takeIn(mine, theirs({ count: 3, more: "再写的" }, 4));
    expect(mine.conflicts).toEqual([]);
  });

  it("is not looked for in what the phone had kept before it saved last", () => {
    const mine = parcel({ answers: { count: 5 } }, 7);
    expect(takeIn(mine, theirs({ count: 1 }, 6))).toBe(0);
    expect(mine.answers.count).toBe(5);
  });

  it("is not mistaken for this phone's own save whose answer got lost", () => {
    const mine = parcel();
    Object.assign(mine, { answers: { more: "锅炉房" }, pending: { answers: { more: "锅" }, skipped: {}, text: "" } });
    takeIn(mine, theirs({ more: "锅", count: 2 }));
    expect(mine).toMatchObject({ conflicts: [], answers: { more: "锅炉房", count: 2 }, pending: null });
  });
});

describe("saving a draft", () => {
  function wires(over: Partial<Wires> = {}): Wires & { calls: string[] } {
    const calls: string[] = [];
    return {
      calls,
      sendFile: async (_task, { key }) => void calls.push(`file ${key}`),
      removeFile: async (id) => void calls.push(`remove ${id}`),
      saveTask: async (_task, body) => {
        calls.push(`save ${JSON.stringify(body.answers)}@${body.version}`);
        return { ...body, version: (body.version ?? 0) + 1, edited_by: "我", edited_at: null, errors: {} } as never;
      },
      keep: () => undefined,
      ...over,
    };
  }
  const PHOTO = { key: "01a205ec-936c-764c-8302-d9e432e896e9", sha256: "a", size: 1, field: "shots" };

  it("sends photos before the answer that names them, and each but once", async () => {
    const mine = parcel();
    Object.assign(mine, { photos: [PHOTO], answers: { shots: [PHOTO.key] }, removed: ["old"] });
    const line = wires();
    expect(isSaved(mine, FORM)).toBe(false);
    await saveDraft(mine, FORM, line);
    await saveDraft(mine, FORM, line);
    expect(line.calls).toEqual(["remove old", `file ${PHOTO.key}`, `save {"shots":["${PHOTO.key}"]}@1`]);
    expect(isSaved(mine, FORM)).toBe(true);
  });

  it("leaves out what is not right yet, and keeps it on the phone", async () => {
    const mine = parcel();
    mine.answers = { count: "三台", more: "写的" };
    const line = wires();
    await saveDraft(mine, FORM, line);
    expect(line.calls).toEqual(['save {"more":"写的"}@1']);
    expect(mine.answers.count).toBe("三台");
    expect(isSaved(mine, FORM)).toBe(false);
  });

  it("saves nothing without its photo, and goes on from there when the signal is back", async () => {
    const mine = parcel();
    Object.assign(mine, { photos: [PHOTO], answers: { shots: [PHOTO.key] } });
    const cut = wires({ sendFile: vi.fn().mockRejectedValue(offline()) });
    expect((await saveDraft(mine, FORM, cut)).problem?.isPassing).toBe(true);
    expect(cut.calls).toEqual([]);
    expect((await saveDraft(mine, FORM, wires())).problem).toBe(null);
    expect(mine.base.version).toBe(2);
  });

  it("tells of a colleague's save, and remembers what it tried to save until it knows", async () => {
    const mine = parcel();
    mine.answers.more = "写的";
    const refused = await saveDraft(mine, FORM, wires({ saveTask: vi.fn().mockRejectedValue(new Problem(409, "stale", "")) }));
    expect(refused.problem?.code).toBe("stale");
    expect(mine).toMatchObject({ base: { version: 1 }, pending: { answers: { more: "写的" } } });
  });

  it("says again what its answer got lost of, before what was written since: nobody is asked about their own words", async () => {
    const mine = parcel();
    mine.answers.more = "锅";
    expect((await saveDraft(mine, FORM, wires({ saveTask: vi.fn().mockRejectedValue(offline()) }))).problem?.isPassing).toBe(true);
    mine.answers.more = "锅炉房";
    const line = wires();
    expect((await saveDraft(mine, FORM, line)).draft?.version).toBe(3);
    expect(line.calls).toEqual(['save {"more":"锅"}@1', 'save {"more":"锅炉房"}@2']);
    expect(mine.pending).toBe(null);
  });

  it("does not say again what was refused", async () => {
    const mine = parcel();
    mine.answers.more = "太长";
    await saveDraft(mine, FORM, wires({ saveTask: vi.fn().mockRejectedValue(new Problem(422, "invalid", "")) }));
    mine.answers.more = "短";
    const line = wires();
    await saveDraft(mine, FORM, line);
    expect(line.calls).toEqual(['save {"more":"短"}@1']);
  });

  it("goes on when a file to be taken away belongs to what was sent", async () => {
    const mine = parcel();
    Object.assign(mine, { removed: ["old"], answers: { more: "写的" } });
    const saved = await saveDraft(mine, FORM, wires({ removeFile: vi.fn().mockRejectedValue(new Problem(409, "file_frozen", "")) }));
    expect(saved.problem).toBe(null);
    expect(mine.removed).toEqual([]);
  });
});

describe("how far an answer is", () => {
  const final = (answers: Content["answers"], skipped: Content["skipped"] = {}) => checkAnswers(FORM, answers, skipped, true);
  const sections = FORM.sections!;

  it("counts what somebody waits for: check items and what must be filled in, without what does not apply", () => {
    expect(progressOf(sections, final({}))).toEqual({ done: 0, all: 2, word: "已查" });
    expect(progressOf(sections, final({ door: { result: "failed" }, count: 1 }))).toMatchObject({ done: 1, all: 2 });
    expect(progressOf(sections, final({}, { s1: "没有锅炉" }))).toEqual({ done: 0, all: 2, word: "已填" });
  });

  it("shows a short form on one screen and a long one part by part", () => {
    expect(screensOf(FORM)).toHaveLength(1);
    const many = Array.from({ length: 13 }, (_, index) => ({ kind: "yes_no" as const, key: `y${index}`, label: "？" }));
    expect(screensOf({ sections: [...sections, { key: "s3", title: "三", fields: many }] })).toHaveLength(3);
  });

  it("leads from one open item to the next, to what is wrong too, and round again", () => {
    const open = openSpots([[sections[0]!], [sections[1]!]], final({ more: 3 }));
    expect(open.map(({ key }) => key)).toEqual(["door", "count", "more"]);
    expect(nextSpot(open, 0, "")?.key).toBe("door");
    expect(nextSpot(open, 0, "door")?.key).toBe("count");
    expect(nextSpot(open, 1, "")?.key).toBe("more");
    expect(nextSpot(open, 1, "more")?.key).toBe("door");
    expect(nextSpot([], 0, "")).toBe(null);
  });

  it("leads to the reason that is missing, not to what it hides", () => {
    expect(openSpots([sections], final({}, { s1: "" })).map(({ key }) => key)).toEqual(["s1"]);
  });
});

describe("in words", () => {
  it("says plainly when a task is due and how long it is late", () => {
    const now = new Date("2026-11-29T20:00:00+08:00");
    expect(dueText({ due_on: "2026-12-05", is_overdue: false }, now)).toBe("12月5日截止，还有 6 天");
    expect(dueText({ due_on: "2026-11-29", is_overdue: false }, now)).toBe("今天截止");
    expect(dueText({ due_on: "2026-11-26", is_overdue: true }, now)).toBe("11月26日截止，已超过 3 天");
    expect(dueText({ due_on: "2026-11-26", is_overdue: false }, now)).toBe("11月26日截止");
    expect(dueText({ due_on: null, is_overdue: false }, now)).toBe("没有截止日期");
  });

  it("says an answer as a person would", () => {
    expect(answerText(FORM, "a.door", { result: "failed", words: "锁着", photos: ["x"] })).toBe("不合格，锁着，1 张照片");
    expect(answerText(FORM, "a.count", null)).toBe("没有填");
    expect(answerText(FORM, "s.s1", null)).toBe("逐项填");
  });
});

describe("what was sent last", () => {
  const before: Content = { answers: { count: 2, door: { result: "failed", words: "卡住了", photos: ["p-1"] } }, skipped: { s2: "没有" }, text: "" };

  it("is told where something else stands now, and nowhere else", () => {
    const now: Content = { answers: { count: 3, door: { photos: ["p-1"], words: "卡住了", result: "failed" }, room: "东" }, skipped: {}, text: "补充" };
    expect(["a.count", "a.door", "a.room", "s.s2", "text"].map((path) => beforeText(FORM, path, before, now))).toEqual(
      ["2", "", "没有填", "没有", "没有填"]);
    expect(beforeText(FORM, "a.count", null, now)).toBe("");
  });
});
