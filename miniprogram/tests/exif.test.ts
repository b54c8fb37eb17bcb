import { describe, expect, it } from "vitest";

import { readShot } from "@/lib/exif";

// The beginning of a JPEG as tests/support/images.py makes it with Pillow: 20 November 2026, 09:15:30+08:00, in Qingdao.
const PHONE = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4QE4RXhpZgAATU0AKgAAAAgABgEPAAIAAAAHAAAAVgEQAAIAAAAJAAAAXgESAAMAAAABAAYAAAEyAAIAAAAUAAAAaIdp",
  "AAQAAAABAAAAfIglAAQAAAABAAAAtgAAAABIVUFXRUkAAEFMTi1BTDAwAAAyMDI2OjExOjIwIDA5OjE1OjMwAAACkAMAAgAAABQAAACakBEAAgAAAAcAAACu",
  "AAAAADIwMjY6MTE6MjAgMDk6MTU6MzAAKzA4OjAwAAAABQABAAIAAAACTgAAAAACAAUAAAADAAAA+AADAAIAAAACRQAAAAAEAAUAAAADAAABEAASAAIAAAAH",
  "AAABKAAAAAAAAAAkAAAAAQAAAAMAAAABAAAFsgAAABkAAAB4AAAAAQAAABYAAAABAAAFmgAAABlXR1MtODQAAP/bAEMAKBweIx4ZKCMhIy0rKDA8",
].join("");
const bytesOf = (text: string): ArrayBuffer => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;

describe("what a camera wrote", () => {
  it("tells when and where", () => {
    expect(readShot(bytesOf(PHONE))).toEqual({ taken_at: "2026-11-20T09:15:30+08:00", latitude: 36.0662, longitude: 120.3826 });
  });

  it.each([["nothing", new ArrayBuffer(0)], ["two bytes", new Uint8Array([0xff, 0xd8]).buffer], ["text", new TextEncoder().encode("不是照片，只是一段文字").buffer]])(
    "is not there in %s", (_name, content) => expect(readShot(content as ArrayBuffer)).toBeNull());

  it("is read, or not, without a fault whatever was cut off or turned over", () => {
    const whole = new Uint8Array(bytesOf(PHONE));
    for (let at = 0; at < whole.length; at += 1) {
      const turned = whole.slice();
      turned[at] = (turned[at] ?? 0) ^ 0xff;
      for (const content of [whole.slice(0, at), turned]) {
        const shot = readShot(content.buffer);
        if (shot?.taken_at) expect(Number.isNaN(Date.parse(shot.taken_at))).toBe(false);
        if (shot) expect(Math.abs(shot.latitude ?? 0) <= 90 && Math.abs(shot.longitude ?? 0) <= 180).toBe(true);
      }
    }
  });
});
