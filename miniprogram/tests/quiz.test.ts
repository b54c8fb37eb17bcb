import { describe, expect, it } from "vitest";

import type { Attempt, QuizLevel } from "@/api/types";
import { isOwnHash, isPromisedSeed } from "@/lib/draws";
import { clockText, fromMoments, fromSeconds, secondsLeft } from "@/quiz/countdown";
import { afterTap, arrived, countOpen, goesOn, keepingText, merge, tap, unsentAnswers } from "@/quiz/sheet";
import { durationText, lengthText, levelText, praiseOf, starsOf, streakText, waitingText, whereNow } from "@/quiz/words";

function attempt(chosen: number[][], id = "a-1"): Attempt {
  const questions = chosen.map((ticked, position) => ({
    position, kind: position === 1 ? "multiple" : "single", stem: "", options: ["甲", "乙", "丙"], chosen: ticked,
  }));
  return { id, questions, deadline_at: "2026-11-25T12:05:00Z", now: "2026-11-25T12:00:00Z", status: "running" } as unknown as Attempt;
}

describe("a sheet", () => {
  it("takes the server's answers where the phone has nothing newer", () => {
    const before = merge(null, attempt([[0], [], []]), "p-1");
    expect(merge(before, attempt([[2], [1], []]), "p-1").chosen).toEqual({ 0: [2], 1: [1], 2: [] });
  });

  it("keeps an answer that has not reached the server against what the server says", () => {
    const sheet = merge(null, attempt([[], [], []]), "p-1");
    tap(sheet, 0, 1);
    const after = merge(sheet, attempt([[2], [0], []]), "p-1");
    expect(after.chosen).toEqual({ 0: [1], 1: [0], 2: [] });
    expect(after.unsent).toEqual([0]);
  });

  it("takes over nothing from another person or another attempt", () => {
    const sheet = merge(null, attempt([[], [], []]), "p-1");
    tap(sheet, 0, 1);
    expect(merge(sheet, attempt([[], [], []]), "p-2")).toMatchObject({ unsent: [], chosen: { 0: [] } });
    expect(merge(sheet, attempt([[], [], []], "a-2"), "p-1")).toMatchObject({ unsent: [], chosen: { 0: [] } });
  });

  it("sends an answer again that was changed while it was on its way", () => {
    const sheet = merge(null, attempt([[], [], []]), "p-1");
    tap(sheet, 0, 1);
    tap(sheet, 0, 2);
    arrived(sheet, 0, [1]);
    expect(unsentAnswers(sheet)).toEqual([{ position: 0, chosen: [2] }]);
    arrived(sheet, 0, [2]);
    expect(unsentAnswers(sheet)).toEqual([]);
  });

  it("ticks one option, or several in order where several may be right, and takes them back", () => {
    expect(afterTap({ kind: "single" }, [0], 2)).toEqual([2]);
    expect(afterTap({ kind: "true_false" }, [0], 1)).toEqual([1]);
    expect(afterTap({ kind: "multiple" }, [2], 0)).toEqual([0, 2]);
    expect(afterTap({ kind: "multiple" }, [0, 2], 0)).toEqual([2]);
  });

  it("counts a question whose ticks were all taken back as open", () => {
    const sheet = merge(null, attempt([[0], [1], []]), "p-1");
    expect(countOpen(sheet)).toBe(1);
    tap(sheet, 1, 1);
    expect(countOpen(sheet)).toBe(2);
  });

  it("says that answers are only on the phone, and why", () => {
    expect(keepingText("kept", 2, true)).toBe("没信号，2 题已存在手机里，会自动补传");
    expect(keepingText("kept", 2, false)).toContain("服务忙");
    expect(keepingText("saved", 0, true)).toBe("已保存");
  });
});

describe("the time left", () => {
  it("counts on from what the server said, whatever the phone takes the time for", () => {
    const countdown = fromMoments("2001-01-01T00:00:00Z", "2001-01-01T00:05:00Z", 1_000);
    expect(secondsLeft(countdown, 1_000)).toBe(300);
    expect(secondsLeft(countdown, 61_000)).toBe(240);
  });

  it("gives nothing more when a clock is set back, and nothing below zero", () => {
    expect(secondsLeft(fromSeconds(10, 5_000), 1_000)).toBe(10);
    expect(secondsLeft(fromSeconds(10, 5_000), 99_000)).toBe(0);
  });

  it("shows the last second until it is over", () => {
    expect(secondsLeft(fromSeconds(10, 0), 9_001)).toBe(1);
    expect(secondsLeft(fromSeconds(10, 0), 10_000)).toBe(0);
  });

  it("reads as minutes and seconds", () => {
    expect([9, 65, 600, 3720].map(clockText)).toEqual(["0:09", "1:05", "10:00", "1:02:00"]);
  });
});

describe("words of the map", () => {
  const level = { number: 4, status: "locked", opens_on: null, running_attempt_id: null, tries_left: 2, tries_per_day: 3 } as unknown as QuizLevel;
  const quiz = { status: "open", opens_at: "2026-11-25T00:00:00Z", opening: "by_passing" } as const;

  it("says when a locked level opens", () => {
    expect(levelText(quiz, level)).toBe("通过第 3 关后开放");
    expect(levelText({ ...quiz, opening: "by_day" }, { ...level, opens_on: "2026-11-28" })).toBe("11月28日开放");
    expect(levelText({ ...quiz, status: "coming" }, level)).toBe("11月25日开始");
  });

  it("says how many tries the day has left", () => {
    expect(levelText(quiz, { ...level, status: "open" })).toBe("今天还能试 2 次");
    expect(levelText(quiz, { ...level, status: "open", tries_left: 0 })).toBe("今天的 3 次用完了，明天再来");
  });

  it("gives stars from the pass mark to full marks", () => {
    expect([null, 59, 60, 80, 100].map((score) => starsOf(score, 60))).toEqual([0, 0, 1, 2, 3]);
  });

  it("tells times to the millisecond where they decide", () => {
    expect([5_007, 65_120].map(durationText)).toEqual(["5.007秒", "1分05.120秒"]);
    expect([90, 300].map(lengthText)).toEqual(["90秒", "5分钟"]);
  });
});

describe("a draw", () => {
  // SHA-256 of "ab:1" and of the bytes 00 01, by sha256sum.
  const hash = "20748351557f722be5e0f68c985a94183cbcc9be1e122f7a9bd4ab647a488436";
  const seedHash = "b413f47d13ee2fe6c845b2ee141af81de858df4ec549a58b7970bb96645bc8d2";

  it("is checked on the phone: one's own hash in the list", () => {
    expect(isOwnHash({ salt: "ab", person_id: "1", hash, position: 1 })).toBe(true);
    expect(isOwnHash({ salt: "ab", person_id: "2", hash, position: 1 })).toBe(false);
  });

  it("is checked on the phone: the seed that was promised", () => {
    expect(isPromisedSeed("0001", seedHash)).toBe(true);
    expect(isPromisedSeed("0002", seedHash)).toBe(false);
  });
});

describe("the path of a quiz", () => {
  const level = (number: number, status: string, running: string | null = null): QuizLevel =>
    ({ number, status, running_attempt_id: running }) as unknown as QuizLevel;
  const quiz = (...levels: QuizLevel[]) => ({ status: "open" as const, levels });

  it("shows one at the level under way, here or on another phone, else at the first that is open", () => {
    const levels = [level(1, "passed"), level(2, "open"), level(3, "locked")];
    expect(whereNow(quiz(...levels), {})).toBe(2);
    expect(whereNow(quiz(...levels), { 1: "a-1" })).toBe(1);
    expect(whereNow(quiz(level(1, "passed", "a-2"), ...levels.slice(1)), {})).toBe(1);
    expect(whereNow(quiz(level(1, "passed"), level(2, "locked")), {})).toBe(0);
    expect(whereNow({ status: "closed", levels }, {})).toBe(0);
  });

  it("has a kind word for every number of stars, and none of a row of days that ended", () => {
    expect(new Set([0, 1, 2, 3].map(praiseOf)).size).toBe(4);
    expect([streakText(null), streakText(0), streakText(1), streakText(5)]).toEqual(["", "", "", "连着 5 天都来了，真好"]);
  });

  it("goes on by itself only where one tap answers", () => {
    expect(["single", "true_false", "multiple"].map((kind) => goesOn({ kind } as Parameters<typeof goesOn>[0]))).toEqual([true, true, false]);
  });

  it("says what waits in practice", () => {
    expect(waitingText({ due: 2, total: 5 })).toBe("接着练：还有 2 题");
    expect(waitingText({ due: 0, total: 5 })).toContain("练完了");
    expect(waitingText(null)).toContain("隔几天");
  });
});
