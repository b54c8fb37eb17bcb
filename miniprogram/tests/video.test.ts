import { describe, expect, it } from "vitest";

import { clock, isCutOff, LIMITS, unfitVideo } from "@/lib/videoRules";

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

  const box = (kind: string, length: number, bytes = length): Uint8Array => {
    const made = new Uint8Array(bytes);
    new DataView(made.buffer).setUint32(0, length);
    made.set(new TextEncoder().encode(kind), 4);
    return made;
  };
  const long = box("mdat", 1, 40); // with a length of eight bytes
  new DataView(long.buffer).setUint32(12, 40);
  const [TYPE, INDEX, PICTURES] = [box("ftyp", 24), box("moov", 100), box("mdat", 300)];
  it.each([
    ["whole, index first", [TYPE, INDEX, PICTURES], false],
    ["whole, index last", [TYPE, long, INDEX], false],
    ["whose last box reaches to the end", [TYPE, INDEX, box("mdat", 0, 50)], false],
    ["with a few bytes behind", [TYPE, INDEX, PICTURES, new Uint8Array(5)], false],
    ["cut off in its pictures", [TYPE, INDEX, PICTURES.subarray(0, 200)], true],
    ["cut off in the head of a box", [TYPE, INDEX, long.subarray(0, 12)], true],
    ["whose index never came", [TYPE, PICTURES], true],
    ["that is an index alone", [TYPE, INDEX], true],
    ["with a box shorter than its head", [TYPE, box("free", 3, 8), INDEX, PICTURES], true],
    ["of a thousand boxes", [TYPE, ...Array.from({ length: 1000 }, () => box("free", 8))], false],
  ])("is looked through: one %s", async (_name, boxes, expected) => {
    const content = new Blob(boxes as BlobPart[]);
    expect(await isCutOff(content.size, (position, length) => content.slice(position, position + length).arrayBuffer())).toBe(expected);
  });
});
