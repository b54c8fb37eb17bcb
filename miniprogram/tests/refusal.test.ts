import { beforeEach, describe, expect, it, vi } from "vitest";

import { choosePhotos } from "@/platform/camera";
import { locate } from "@/platform/location";
import { refusalOf, refusalText } from "@/platform/refusal";

vi.mock("@/platform/files", () => ({ pickFiles: async () => [] }));

const shown: { title: string; content: string }[] = [];
const fail: Record<string, string> = {};
const failing = (name: string) => ({ fail: tell }: { fail: (failure: { errMsg: string }) => void }) => tell({ errMsg: `${name}:${fail[name]}` });

vi.stubGlobal("uni", {
  showModal: (modal: { title: string; content: string }) => shown.push(modal),
  getLocation: failing("getLocation"),
});

beforeEach(() => {
  shown.length = 0;
});

describe("what the phone refused", () => {
  it.each([
    ["chooseMedia:fail auth deny", "here"],
    ["getLocation:fail auth denied", "here"],
    ["getLocation:fail authorize no response", "here"],
    ["getLocation:fail User denied Geolocation", "here"],
    ["chooseMedia:fail system permission denied", "phone"],
    ["getLocation:fail:system permission denied", "phone"],
    ["getLocation:fail:ERROR_NOCELL&WIFI_LOCATIONSWITCHOFF", "phone"],
    ["chooseMedia:fail cancel", null],
    ["getLocation:fail timeout", null],
    ["", null],
  ])("is told apart from a change of mind and from bad luck: %s", (errMsg, refusal) => {
    expect(refusalOf({ errMsg })).toBe(refusal);
  });

  it("is said where the place is wanted, with what else can be done", async () => {
    fail.getLocation = "fail auth deny";
    await expect(locate()).rejects.toThrow("不定位也行，写清地点就好");
    expect(shown[0]?.title).toBe("没有位置权限");
    expect(shown[0]?.content).toContain("设置");
  });

  it("is not blamed when there was just no signal from the sky", async () => {
    fail.getLocation = "fail timeout";
    await expect(locate()).rejects.toThrow("没有定位成功");
    expect(shown).toEqual([]);
  });

  it("leaves the album when it is the camera", async () => {
    expect(refusalText("camera", "phone")).toContain("相册");
    await expect(choosePhotos(9)).resolves.toEqual([]); // changed their mind at the browser's own picker
    expect(shown).toEqual([]);
  });
});
