import { describe, expect, it } from "vitest";

import { problemFrom } from "@/api/problem";
import { parseLink } from "@/lib/chatDraft";
import { sha256Hex } from "@/lib/sha256";
import { closeText, entryText, stageText, valueDayText } from "@/lib/draws";
import { dayText, friendlyTime } from "@/lib/time";
import { uuid7 } from "@/lib/uuid7";

describe("uuid7", () => {
  it("carries the time in its first 48 bits, the version and the variant", () => {
    const id = uuid7(0x0123456789ab, new Uint8Array(10).fill(0xff));
    expect(id).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
  });

  it("sorts by the time it was made", () => {
    const ids = [1, 2, 3].map((step) => uuid7(1_700_000_000_000 + step));
    expect([...ids].sort()).toEqual(ids);
  });

  it("does not repeat within one millisecond", () => {
    expect(new Set(Array.from({ length: 1000 }, () => uuid7(1))).size).toBe(1000);
  });
});

describe("sha256Hex", () => {
  it("gives the published digests", async () => {
    expect(await sha256Hex(new ArrayBuffer(0))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(await sha256Hex(new TextEncoder().encode("abc").buffer as ArrayBuffer)).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });

  it("gives the same for a photo longer than one step", async () => {
    const photo = new Uint8Array(1_300_000).map((_, index) => index % 251);
    expect(await sha256Hex(photo.buffer)).toBe(
      "4f5f7c67869d68c6216bf8927c53a2bd647a433708218ccd4096f0305d71c3fc",
    );
  });
});

describe("times", () => {
  const now = new Date("2026-11-23T04:00:00Z"); // noon in Shanghai

  it.each([
    ["2026-11-23T03:59:40Z", "刚刚"],
    ["2026-11-23T03:20:00Z", "40分钟前"],
    ["2026-11-22T16:00:00.000Z", "今天"], // a midnight stands for its day
    ["2026-11-19T16:00:00.000Z", "11月20日"],
    ["2025-11-19T16:00:00.000Z", "2025年11月20日"],
    ["2026-11-22T16:05:00Z", "今天 00:05"],
    ["2026-11-22T15:55:00Z", "11月22日 23:55"],
    ["2025-12-31T16:00:30Z", "1月1日 00:00"],
    ["2025-12-31T15:59:00Z", "2025年12月31日"],
  ])("%s reads %s in Shanghai", (moment, text) => {
    expect(friendlyTime(moment, now)).toBe(text);
  });

  it("names the day of a deadline in Shanghai, with the year when it is another one", () => {
    const now = new Date("2026-11-20T00:00:00Z");
    expect(dayText("2026-11-26T15:59:59Z", now)).toBe("11月26日");
    expect(dayText("2026-11-26T16:00:00Z", now)).toBe("11月27日");
    expect(dayText("2027-01-03", now)).toBe("2027年1月3日");
  });

  it("never takes what lies ahead for what has just happened", () => {
    const now = new Date("2026-11-26T04:00:00Z");
    expect(friendlyTime("2026-11-26T10:30:00Z", now)).toBe("今天 18:30");
    expect(friendlyTime("2026-12-03T10:30:00Z", now)).toBe("12月3日 18:30");
    expect(friendlyTime("2027-01-03T10:30:00Z", now)).toBe("2027年1月3日 18:30");
    expect(friendlyTime("2026-11-26T04:02:00Z", now)).toBe("刚刚"); // the phone's clock is a little slow
  });
});

describe("the times of a draw", () => {
  const draw = {
    status: "committed", status_text: "已公布，等竞赛结束", closes_at: "2026-11-26T10:00:00Z", entrants_hash: null, drawn_at: null, public_value_due_on: "2026-11-27", is_entered: false,
  };
  const [before, during, later] = ["2026-11-20T00:00:00Z", "2026-11-26T11:00:00Z", "2027-01-03T00:00:00Z"].map((iso) => new Date(iso)) as [Date, Date, Date];

  it("are right before the contest closes", () => {
    expect(stageText(draw, before)).toBe("已公布，等竞赛结束");
    expect(closeText(draw, before)).toBe("竞赛11月26日 18:00结束，之后才抽");
    expect(valueDayText("2026-11-27", draw, before)).toBe("11月27日才有");
    expect(entryText(draw, before)?.text).toBe("通过全部关卡，就能参加抽奖。");
  });

  it("are right between the close and the list", () => {
    expect(stageText(draw, during)).toBe("竞赛已结束，名单就要定下");
    expect(closeText(draw, during)).toBe("竞赛今天 18:00已结束");
    expect(entryText(draw, during)?.text).toContain("竞赛已经结束");
    expect(entryText({ ...draw, is_entered: true }, during)?.well).toBe(true);
  });

  it("are right afterwards, in another year and when it was cancelled", () => {
    const frozen = { ...draw, status: "frozen", status_text: "名单已定，等公开数值" };
    expect(stageText(frozen, during)).toBe("名单已定，等公开数值");
    expect(stageText(frozen, new Date("2026-11-26T16:00:00Z"))).toBe("名单已定，公开数值登记、核对后开奖"); // midnight in Shanghai
    const drawn = { ...draw, status: "drawn", status_text: "已开奖", drawn_at: "2026-11-28T02:00:00Z" };
    expect(stageText(drawn, later)).toBe("已开奖，2026年11月28日 10:00");
    expect(closeText(drawn, later)).toBe("竞赛2026年11月26日 18:00已结束");
    expect(valueDayText("2026-11-27", draw, later)).toBe("2026年11月27日");
    expect(valueDayText("2026-11-30", drawn, during)).toBe("11月30日"); // the fallback that was not needed
    expect(closeText({ ...draw, status: "cancelled" }, before)).toBe("竞赛11月26日 18:00结束，这次抽奖已取消");
    expect(entryText({ ...draw, status: "cancelled" }, later)).toBeNull();
  });
});

describe("problemFrom", () => {
  it("shows the server's own words", () => {
    const body = { error: { code: "photo_truncated", message: "照片不完整，请重新拍一张。", fields: {}, request_id: "r" } };
    const problem = problemFrom(422, body);
    expect([problem.code, problem.message, problem.isPassing]).toEqual(["photo_truncated", "照片不完整，请重新拍一张。", false]);
  });

  it("has plain words for a proxy's page, and takes it as passing", () => {
    const problem = problemFrom(502, "<html>Bad Gateway</html>");
    expect(problem.message).toBe("服务暂时不可用，请稍后再试。");
    expect(problem.isPassing).toBe(true);
  });
});

describe("links from the chat", () => {
  const id = "01a20ae1-8e1a-7b2c-9d3e-0123456789ab";

  it("carry the draft's id and its key", () => {
    expect(parseLink(`${id}.a-Key_9`)).toEqual({ id, key: "a-Key_9" });
  });

  it.each(["", id, `${id}.`, `${id}.a/b`, `../${id}.key`, `${id}.key.more`])("are nothing else: %s", (text) => {
    expect(parseLink(text)).toBeNull();
  });
});
