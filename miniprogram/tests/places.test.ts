import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Place } from "@/kinds/parcel";
import { enterprisesOf, placePage, readPlaceCode, recentPlaces, rememberPlace, hintsAt } from "@/lib/places";

const stored = new Map<string, unknown>();
vi.stubGlobal("uni", {
  setStorageSync: (key: string, value: unknown) => stored.set(key, value),
  getStorageSync: (key: string) => stored.get(key) ?? "",
});
beforeEach(() => stored.clear());

const at = (enterpriseId: string | null, text: string, areaId: string | null = null): Place => ({
  enterpriseId, enterpriseName: enterpriseId ? `企业${enterpriseId}` : "", areaId, areaName: "", text, coordinates: null,
});

describe("places named last", () => {
  it("are the owner's alone, each once, the latest first, and no more than eight", () => {
    for (const place of [at("a", "东门"), at("b", "仓库"), at(null, "路口", "t"), at("a", "东门 "), at(null, "")]) rememberPlace("me", place);
    const mine = recentPlaces("me");
    expect(mine.map((each) => each.text)).toEqual(["东门", "路口", "仓库"]);
    expect(hintsAt(mine, at("a", ""))).toEqual([{ text: "东门", code: undefined }]);
    expect(hintsAt(mine, at(null, "", "t"))).toEqual([{ text: "路口", code: undefined }]);
    expect(enterprisesOf(mine, "a")).toEqual([{ id: "b", name: "企业b", is_small: false }]);
    expect(recentPlaces("another")).toEqual([]);
    expect(recentPlaces("")).toEqual([]);
    for (let n = 0; n < 20; n++) rememberPlace("me", at("a", `门${n}`));
    expect(recentPlaces("me")).toHaveLength(8);
    rememberPlace("another", at("c", "车间"));
    expect(recentPlaces("me")).toEqual([]); // the phone has another hand now
  });
});

describe("codes that say where one is", () => {
  it.each([
    ["https://ssp.example.org/h5/#/pages/hazard/place?scene=p%3DK7QM2XWD", "K7QM2XWD"],
    [encodeURIComponent("https://ssp.example.org/h5/#/pages/hazard/place?scene=p%3DK7QM2XWD"), "K7QM2XWD"],
    [placePage("K7QM2XWD"), "K7QM2XWD"],
    ["p%3DK7QM2XWD", "K7QM2XWD"],
    ["p=K7QM2XWD", "K7QM2XWD"],
    [" k7qm-2xwd ", "K7QM2XWD"],
    ["K7QM2XW", null],
    ["K7QM2XW0", null],
    ["https://ssp.example.org/h5/#/pages/profile/scan?scene=s%3DK7QM2XWD", null],
    ["https://evil.example/pages/hazard/place?scene=e%3DK7QM2XWD", null],
    ["%E0%A4%A", null],
    [undefined, null],
  ])("%s says %s", (text, code) => expect(readPlaceCode(text)).toBe(code));
});
