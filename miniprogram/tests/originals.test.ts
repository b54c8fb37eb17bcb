import { beforeEach, expect, it, vi } from "vitest";

const calls = { listOriginals: vi.fn(), sendOriginal: vi.fn() };
const storage = new Map<string, unknown>();
const forgetPhoto = vi.fn<[string], Promise<void>>(async () => undefined);
const network = { online: true, wifi: false };

vi.mock("@/api/calls", () => calls);
vi.mock("@/platform/photos", () => ({ forgetPhoto }));
vi.mock("@/platform/network", () => ({ network }));
vi.mock("@/api/session", () => ({ session: { me: { id: "p-1" } }, canSignIn: () => true }));
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, JSON.parse(JSON.stringify(value))),
});

const photo = (name: string) => ({ key: `${name}-copy`, sha256: `${name}-hash`, size: 1, original: { key: name, size: 9 } });
const asked = (name: string, is_wanted = false) => ({ photo_id: `${name}-id`, submission_id: "s", sha256: `${name}-hash`, state: "kept", is_wanted });

const sent = () => calls.sendOriginal.mock.calls.map(([photo, upload]) => [photo, (upload as { key: string }).key]);
const count = (): number => (storage.get("outbox.originals") as unknown[]).length;

async function start() {
  vi.resetModules();
  const { setThrifty } = await import("@/platform/signal");
  return { setThrifty, ...(await import("@/api/problem")), ...(await import("@/outbox/originals")) };
}

beforeEach(() => {
  storage.clear();
  vi.clearAllMocks();
  vi.useRealTimers();
  Object.assign(network, { online: true, wifi: false });
  calls.listOriginals.mockResolvedValue({ items: [asked("a"), asked("b", true)] });
  calls.sendOriginal.mockResolvedValue({});
});

it("originals go on Wi-Fi, and what has gone is kept no longer", async () => {
  network.wifi = true;
  const app = await start();
  await app.keepOriginals([photo("a"), photo("b"), { key: "whole", sha256: "w", size: 1 }], "p-1");
  await app.sendOriginals();
  expect(sent()).toEqual([["a-id", "a"], ["b-id", "b"]]);
  expect(forgetPhoto.mock.calls.flat()).toEqual(["a", "b"]);
  expect(count()).toBe(0);
});

it("on a paid line only what a union asked for goes, and nothing at all for who saves data", async () => {
  const app = await start();
  await app.keepOriginals([photo("a"), photo("b")], "p-1");
  app.setThrifty(true);
  await app.sendOriginals();
  expect(calls.sendOriginal).not.toHaveBeenCalled();
  app.setThrifty(false);
  await app.sendOriginals();
  expect(sent()).toEqual([["b-id", "b"]]);
  expect(count()).toBe(1);
});

it.each([
  ["a cut line", 0, 1],
  ["a refusal", 422, 0],
])("after %s it is tried again, or not, as makes sense", async (_name, status, left) => {
  network.wifi = true;
  calls.listOriginals.mockResolvedValue({ items: [asked("a")] });
  const app = await start();
  calls.sendOriginal.mockRejectedValue(status ? new app.Problem(status, "original_differs", "不是同一张") : app.offline());
  await app.keepOriginals([photo("a")], "p-1");
  await app.sendOriginals();
  expect(count()).toBe(left);
});

it("nobody sends, or learns of, what another person's report left on the phone", async () => {
  network.wifi = true;
  const app = await start();
  await app.keepOriginals([photo("a")], "p-2");
  await app.sendOriginals();
  expect(calls.listOriginals).not.toHaveBeenCalled();
  expect(count()).toBe(1);
});

it("what the service does not name for a day is not wanted, and what nobody took for a month goes", async () => {
  const app = await start();
  vi.useFakeTimers({ now: 0 });
  await app.keepOriginals([photo("a"), photo("gone")], "p-1");
  vi.setSystemTime(2 * 24 * 3600 * 1000);
  await app.sendOriginals();
  expect(forgetPhoto.mock.calls.flat()).toEqual(["gone"]);
  vi.setSystemTime(31 * 24 * 3600 * 1000);
  await app.sendOriginals();
  expect(count()).toBe(0);
});
