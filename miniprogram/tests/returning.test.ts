import { beforeEach, describe, expect, it, vi } from "vitest";

import { goOn, readScene, rememberWay } from "@/lib/returning";

const stored = new Map<string, unknown>();
const uni = {
  setStorageSync: (key: string, value: unknown) => stored.set(key, value),
  getStorageSync: (key: string) => stored.get(key) ?? "",
  removeStorageSync: (key: string) => stored.delete(key),
  reLaunch: vi.fn(),
  switchTab: vi.fn(),
};
vi.stubGlobal("uni", uni);

beforeEach(() => {
  stored.clear();
  vi.clearAllMocks();
});

describe("where a scanned code leads", () => {
  it.each(["/pages/profile/scan?scene=s%3DAbc-_1", "/pages/profile/binding?scene=e=LANHAI01", "/pages/hazard/place?scene=p%3DK7QM2XWD", "/pages/hazard/draft?d=01a20ae1-8e1a-7b2c-9d3e-0123456789ab.a-K_9"])("goes on to %s after signing in, once", (path) => {
    rememberWay(path);
    goOn();
    expect(uni.reLaunch).toHaveBeenCalledWith({ url: path });
    goOn();
    expect(uni.switchTab).toHaveBeenCalledTimes(1);
  });

  it.each(["https://evil.example", "//evil.example", "/pages/home/index", "/pages/profile/scan?scene=s%3DA&to=//x", "javascript:1"])("forgets %s", (path) => {
    rememberWay(path);
    goOn();
    expect(uni.reLaunch).not.toHaveBeenCalled();
  });

  it("reads a scene as WeChat gives it, and nothing else", () => {
    expect(readScene("e%3DLANHAI01", "e")).toBe("LANHAI01");
    expect(readScene("e=LANHAI01", "e")).toBe("LANHAI01");
    expect(readScene("s%3DLANHAI01", "e")).toBeNull();
    expect(readScene("e%3", "e")).toBeNull();
    expect(readScene("e%3D", "e")).toBeNull();
    expect(readScene(undefined, "s")).toBeNull();
  });
});
