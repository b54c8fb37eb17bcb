/** What was chosen by mistake is told from a photo by its first bytes. */
import { describe, expect, it } from "vitest";

import { fileType, hasEnd } from "@/lib/fileType";

const bytes = (...parts: (string | number)[]): ArrayBuffer =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...part].map((each) => each.charCodeAt(0))))).buffer;

it.each([
  ["photo", bytes(0xff, 0xd8, 0xff, 0xe1)],
  ["photo", bytes(0x89, "PNG", 13, 10)],
  ["photo", bytes("RIFF", 0, 0, 0, 0, "WEBP")],
  ["photo", bytes(0, 0, 0, 24, "ftypheic")],
  ["video", bytes(0, 0, 0, 24, "ftypisom")],
  ["video", bytes(0, 0, 0, 24, "ftypqt  ")],
  ["video", bytes(0x1a, 0x45, 0xdf, 0xa3)],
  ["moving", bytes("GIF89a")],
  ["other", bytes("%PDF-1.7")],
  ["other", bytes(0, 0, 0, 24, "ftypavif")],
  ["other", bytes()],
])("%s", (type, head) => expect(fileType(head)).toBe(type));

describe("a photo that was cut off", () => {
  const thumbnail = bytes(0xff, 0xd8, 0xff, 0xd9);
  const exif = bytes(0xff, 0xe1, 0, 6, ...new Uint8Array(thumbnail));
  const jpeg = bytes(0xff, 0xd8, ...new Uint8Array(exif), 0xff, 0xda, 0, 2, "scan", 0xff, 0, "more", 0xff, 0xd9);
  const png = bytes(0x89, "PNG", 13, 10, 26, 10, 0, 0, 0, 4, "IDAT", "data", 0, 0, 0, 0, 0, 0, 0, 0, "IEND", 0, 0, 0, 0);
  const film = bytes(0, 0, 0, 24, "ftypmp42");

  it.each([["jpeg", jpeg, 2], ["png", png, 8]])("has no end, wherever it was cut: %s", (_name, whole, end) => {
    expect(hasEnd(whole)).toBe(true);
    for (let cut = 4; cut < whole.byteLength - end; cut += 1) expect([cut, hasEnd(whole.slice(0, cut))]).toEqual([cut, false]);
  });

  it("is told from one that has more behind its end, and from kinds that it does not know", () => {
    expect(hasEnd(bytes(...new Uint8Array(jpeg), ...new Uint8Array(film)))).toBe(true);
    expect(hasEnd(film)).toBe(true);
  });
});
