import { beforeEach, expect, it, vi } from "vitest";

const { callOpenly, agreed } = vi.hoisted(() => ({ callOpenly: vi.fn(async () => null), agreed: vi.fn(() => true) }));
vi.mock("@/api/request", () => ({ callOpenly }));
vi.mock("@/platform/privacy", () => ({ hasAgreed: agreed }));
vi.stubGlobal("getCurrentPages", () => [{ route: "pages/hazard/form", options: { id: "secret" } }]);
vi.stubGlobal("uni", { getAccountInfoSync: () => ({ miniProgram: { version: "1.2.3" } }) });

beforeEach(() => {
  vi.resetModules();
  callOpenly.mockClear();
});

it("tells of a fault once, with its page and nothing else, and of no more than a few", async () => {
  const { tellFault } = await import("@/lib/faults");
  tellFault(new TypeError("x is undefined"));
  tellFault(new TypeError("x is undefined"));
  expect(callOpenly).toHaveBeenCalledTimes(1);
  const [, path, { body }] = callOpenly.mock.calls[0] as unknown as [string, string, { body: Record<string, string> }];
  expect(path).toBe("/api/v1/client-faults");
  expect(Object.keys(body).sort()).toEqual(["message", "page", "platform", "release", "stack"]);
  expect(body).toMatchObject({ page: "pages/hazard/form", message: "x is undefined" });
  for (let n = 0; n < 20; n++) tellFault(`fault ${n}`);
  expect(callOpenly).toHaveBeenCalledTimes(5);
});

it("tells of nothing before the consent, nor of what a server refused", async () => {
  const { tellFault } = await import("@/lib/faults");
  const { Problem } = await import("@/api/problem");
  tellFault(new Problem(0, "offline", "现在没有网络"));
  tellFault(undefined);
  agreed.mockReturnValueOnce(false);
  tellFault(new Error("early"));
  expect(callOpenly).not.toHaveBeenCalled();
});
