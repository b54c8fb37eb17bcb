import { describe, expect, it } from "vitest";

import { clock, LIMITS, unfitVideo } from "@/lib/videoRules";

const headOf = (words: string): ArrayBuffer => new TextEncoder().encode(words).buffer as ArrayBuffer;
const GOOD = { head: headOf("\0\0\0 ftypisom"), size: 3_000_000, seconds: 12 };

describe("a video just chosen", () => {
  it.each([
    ["as phones take them", {}, null],
    ["from an iPhone", { head: headOf("\0\0\0 ftypqt  ") }, null],
    ["stopped a little late", { seconds: 15.4 }, null],
    ["that this phone cannot play", { seconds: null }, null],
    ["too long", { seconds: 75.2 }, "这段有 76 秒"],
    ["too large", { size: 30_000_000 }, "视频最大 20 MB"],
    ["without a byte", { size: 0 }, "是空的"],
    ["of another kind", { head: headOf("\x1a\x45\xdf\xa3webm....") }, "不是手机拍的视频"],
    ["that is a still", { head: headOf("\0\0\0 ftypheic") }, "不是手机拍的视频"],
    ["that cannot be read", { head: headOf("") }, "不是手机拍的视频"],
  ])("%s", (_name, changes, words) => {
    const why = unfitVideo({ ...GOOD, ...changes }, LIMITS);
    if (words === null) expect(why).toBeNull();
    else expect(why).toContain(words);
  });

  it("says its length as players do", () => {
    expect([clock(0.4), clock(9.6), clock(75)]).toEqual(["0:00", "0:10", "1:15"]);
  });
});
