import { beforeEach, describe, expect, it, vi } from "vitest";

import { offline, Problem } from "@/api/problem";

const calls = { getTemplates: vi.fn(), postConsents: vi.fn() };
const request = vi.fn();
const storage = new Map<string, unknown>();

vi.mock("@/api/calls", () => calls);
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, value),
  removeStorageSync: (key: string) => storage.delete(key),
  requestSubscribeMessage: request,
});

async function start() {
  vi.resetModules();
  return import("@/platform/subscribe");
}

beforeEach(() => {
  storage.clear();
  vi.resetAllMocks();
  calls.getTemplates.mockResolvedValue({ template_ids: ["t-1", "t-2"] });
  calls.postConsents.mockResolvedValue({ accepted: 1 });
  request.mockImplementation(({ success }) => success({ errMsg: "requestSubscribeMessage:ok", "t-1": "accept", "t-2": "reject" }));
});

describe("consent to WeChat's messages", () => {
  it("is asked for the templates of the moment, and told to the server without WeChat's own fields", async () => {
    const app = await start();
    await app.prepareConsent("submit");
    await app.askConsent("submit");
    expect(request.mock.calls[0]?.[0].tmplIds).toEqual(["t-1", "t-2"]);
    expect(calls.postConsents).toHaveBeenCalledWith({ "t-1": "accept", "t-2": "reject" });
  });

  it("is not asked where no templates are set up or they could not be learnt", async () => {
    const app = await start();
    calls.getTemplates.mockResolvedValueOnce({ template_ids: [] });
    await app.prepareConsent("submit");
    await app.askConsent("submit");
    calls.getTemplates.mockRejectedValueOnce(offline());
    await app.prepareConsent("answer");
    await app.askConsent("answer");
    expect(request).not.toHaveBeenCalled();
  });

  it("holds nothing up when WeChat does not ask", async () => {
    const app = await start();
    request.mockImplementationOnce(({ fail }) => fail({ errMsg: "requestSubscribeMessage:fail" }));
    await app.prepareConsent("submit");
    await app.askConsent("submit");
    expect(calls.postConsents).not.toHaveBeenCalled();
  });

  it("given without signal is told once when it is back, after a restart too", async () => {
    const before = await start();
    await before.prepareConsent("submit");
    calls.postConsents.mockRejectedValueOnce(offline());
    await before.askConsent("submit");
    await vi.waitFor(() => expect(storage.size).toBe(1));
    const after = await start();
    await after.prepareConsent("submit");
    await after.prepareConsent("submit");
    expect(calls.postConsents).toHaveBeenCalledTimes(2);
    expect(storage.size).toBe(0);
  });

  it("that the server refuses is not told again", async () => {
    const app = await start();
    await app.prepareConsent("submit");
    calls.postConsents.mockRejectedValueOnce(new Problem(422, "invalid", ""));
    await app.askConsent("submit");
    await vi.waitFor(() => expect(calls.postConsents).toHaveBeenCalledOnce());
    expect(storage.size).toBe(0);
  });
});
