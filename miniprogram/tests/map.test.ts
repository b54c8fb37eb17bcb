import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Coordinates } from "@/api/types";
import { inDatum } from "@/map/datum";
import { answerPoint, moveOnPage, pointAsked } from "@/map/point";
import { answerPrivacy } from "@/platform/privacy";

const stored = new Map<string, unknown>();
const opened: string[] = [];
vi.stubGlobal("uni", {
  setStorageSync: (key: string, value: unknown) => stored.set(key, value),
  getStorageSync: (key: string) => stored.get(key) ?? "",
  removeStorageSync: (key: string) => stored.delete(key),
  navigateTo: ({ url }: { url: string }) => opened.push(url),
});
beforeEach(() => {
  stored.clear();
  opened.length = 0;
});

describe("the datum of Chinese maps", () => {
  // WGS-84 and GCJ-02 of the same places, as eviltransform's tests have them.
  it.each([
    [[31.1774276, 121.5272106], [31.17530398364597, 121.531541859215]],
    [[22.543847, 113.912316], [22.540796131694766, 113.9171764808363]],
    [[39.911954, 116.377817], [39.91334545536069, 116.38404722455657]],
  ])("is %s there and %s here", ([latitude = 0, longitude = 0], [north = 0, east = 0]) => {
    const there = inDatum({ latitude, longitude, datum: "wgs84" }, "gcj02");
    expect(there[0]).toBeCloseTo(north, 9);
    expect(there[1]).toBeCloseTo(east, 9);
    const back = inDatum({ latitude: north, longitude: east, datum: "gcj02" }, "wgs84");
    expect(Math.hypot(back[0] - latitude, back[1] - longitude)).toBeLessThan(0.00003); // three metres
    expect(inDatum({ latitude, longitude, datum: "wgs84" }, "wgs84")).toEqual([latitude, longitude]);
  });
});

describe("a point asked about on the map", () => {
  const at: Coordinates = { latitude: 36.06, longitude: 120.38, datum: "wgs84", accuracy: 30 };

  it("opens no map for who has not agreed to what the policy says of it", async () => {
    expect(await moveOnPage(at)).toBeNull();
    expect([opened, pointAsked()]).toEqual([["/pages/profile/consent"], null]);
  });

  it("is answered once, and left as it was by who asks anew or goes back", async () => {
    answerPrivacy(true, "2");
    const [first, second] = [moveOnPage(at), moveOnPage({ ...at, latitude: 36.07 })];
    expect([await first, pointAsked()?.latitude]).toEqual([null, 36.07]);
    answerPoint({ ...at, datum: "gcj02", accuracy: null });
    answerPoint(null);
    expect([(await second)?.datum, pointAsked()]).toEqual(["gcj02", null]);
  });
});
