import { describe, expect, it } from "vitest";

import { problemFrom } from "@/api/problem";
import { parseLink } from "@/lib/chatDraft";
import { sha256Hex } from "@/lib/sha256";
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

  it("names the day of a deadline in Shanghai", () => {
    expect(dayText("2026-11-26T15:59:59Z")).toBe("11月26日");
    expect(dayText("2026-11-26T16:00:00Z")).toBe("11月27日");
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
