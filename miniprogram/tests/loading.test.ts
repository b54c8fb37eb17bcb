import { beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "@/api/problem";
import { forgetKept, retain } from "@/lib/kept";
import { useLoaded } from "@/lib/loading";
import { usePaged } from "@/lib/paging";

const hooks = vi.hoisted(() => ({ show: [] as (() => void)[], pull: [] as (() => void)[], bottom: [] as (() => void)[] }));
vi.mock("@dcloudio/uni-app", () => ({
  onShow: (hook: () => void) => void hooks.show.push(hook),
  onPullDownRefresh: (hook: () => void) => void hooks.pull.push(hook),
  onReachBottom: (hook: () => void) => void hooks.bottom.push(hook),
}));
vi.mock("@/api/session", () => ({ session: { me: { id: "p1" } } }));

const stored = new Map<string, unknown>();
const uni = {
  setStorageSync: (key: string, value: unknown) => stored.set(key, value),
  getStorageSync: (key: string) => stored.get(key) ?? "",
  removeStorageSync: (key: string) => stored.delete(key),
  stopPullDownRefresh: vi.fn(),
};
vi.stubGlobal("uni", uni);

const pull = (): void => hooks.pull.forEach((hook) => hook());
const readOn = (): void => hooks.bottom.forEach((hook) => hook());
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A server that answers when it is told to, question after question. */
function slowServer<A>() {
  const waiting: { ask: unknown; answer: (answer: A) => void; fail: (thrown: unknown) => void }[] = [];
  const fetchIt = vi.fn((ask?: unknown) => new Promise<A>((answer, fail) => waiting.push({ ask, answer, fail })));
  return { fetchIt, waiting };
}

beforeEach(() => {
  for (const list of Object.values(hooks)) list.length = 0;
  stored.clear();
  vi.clearAllMocks();
});

interface Page {
  items: number[];
  next: string | null;
}

describe("a paged list", () => {
  it("loads once when it is pulled twice", async () => {
    const { fetchIt, waiting } = slowServer<Page>();
    const { items, state } = usePaged(fetchIt);
    pull();
    pull();
    expect(fetchIt).toHaveBeenCalledTimes(1);
    waiting[0]?.answer({ items: [1, 2], next: null });
    await settled();
    expect([items.value, state.value]).toEqual([[1, 2], "ready"]);
    expect(uni.stopPullDownRefresh).toHaveBeenCalledTimes(1);
    pull();
    expect(fetchIt).toHaveBeenCalledTimes(2);
  });

  it("reads on once at its end, and not while it is loaded afresh", async () => {
    const { fetchIt, waiting } = slowServer<Page>();
    const { items, load } = usePaged(fetchIt);
    void load();
    waiting[0]?.answer({ items: [1], next: "a" });
    await settled();
    readOn();
    readOn();
    expect(waiting.map(({ ask }) => ask)).toEqual([null, "a"]);
    waiting[1]?.answer({ items: [2], next: "b" });
    await settled();
    expect(items.value).toEqual([1, 2]);
    pull();
    readOn();
    expect(waiting.map(({ ask }) => ask)).toEqual([null, "a", null]);
  });

  it("drops the page that comes after the pull that overtook it", async () => {
    const { fetchIt, waiting } = slowServer<Page>();
    const { items, load } = usePaged(fetchIt);
    void load();
    waiting[0]?.answer({ items: [1], next: "a" });
    await settled();
    readOn();
    pull();
    waiting[2]?.answer({ items: [9], next: null });
    await settled();
    waiting[1]?.answer({ items: [2], next: "b" });
    await settled();
    expect(items.value).toEqual([9]);
  });

  it("shows nothing of the list that was there before when it is another one", async () => {
    const { fetchIt, waiting } = slowServer<Page>();
    const noted = vi.fn();
    const { items, state, load, restart } = usePaged(fetchIt, { noted });
    void load();
    void restart();
    waiting[0]?.answer({ items: [1], next: null });
    await settled();
    expect([items.value, state.value, noted.mock.calls.length]).toEqual([[], "loading", 0]);
    waiting[1]?.answer({ items: [2], next: null });
    await settled();
    expect([items.value, state.value, noted.mock.calls.length]).toEqual([[2], "ready", 1]);
  });

  it("keeps what it shows when a load fails, and says so", async () => {
    const { fetchIt, waiting } = slowServer<Page>();
    const { items, state, problem, load } = usePaged(fetchIt);
    void load();
    waiting[0]?.fail(new Problem(0, "offline", "现在没有网络"));
    await settled();
    expect([state.value, problem.value?.code]).toEqual(["failed", "offline"]);
    void load();
    waiting[1]?.answer({ items: [1], next: null });
    await settled();
    void load();
    waiting[2]?.fail(new Problem(503, "busy", "忙"));
    await settled();
    expect([items.value, state.value, problem.value?.code]).toEqual([[1], "ready", "busy"]);
  });
});

describe("the one thing of a page", () => {
  it("loads once when it is pulled twice, and anew after a change", async () => {
    const { fetchIt, waiting } = slowServer<string>();
    const { item, reload } = useLoaded(fetchIt);
    pull();
    pull();
    expect(fetchIt).toHaveBeenCalledTimes(1);
    void reload();
    waiting[1]?.answer("after");
    waiting[0]?.answer("before");
    await settled();
    expect(item.value).toBe("after");
  });

  it("is kept on the phone for whoever asked for it", async () => {
    const { load } = useLoaded(async () => ({ name: "x" }), { keyOf: () => "thing" });
    await load();
    expect(stored.get("thing.p1")).toEqual({ name: "x" });
    const again = useLoaded(() => Promise.reject(new Problem(0, "offline", "现在没有网络")), { keyOf: () => "thing" });
    await again.load();
    expect([again.item.value, again.problem.value?.code]).toEqual([{ name: "x" }, "offline"]);
  });

  it("asks for nothing while it may not, and ends the pull", async () => {
    const { fetchIt } = slowServer<string>();
    useLoaded(fetchIt, { when: () => false });
    pull();
    await settled();
    expect([fetchIt.mock.calls.length, uni.stopPullDownRefresh.mock.calls.length]).toEqual([0, 1]);
  });
});

describe("what was seen last", () => {
  it("is there without a signal, with its time, until its reader leaves", async () => {
    const first = slowServer<Page>();
    usePaged(first.fetchIt, { keyOf: () => "mine" });
    pull();
    first.waiting[0]?.answer({ items: [1, 2], next: null });
    await settled();
    const offline = slowServer<Page>();
    const again = usePaged(offline.fetchIt, { keyOf: () => "mine" });
    const began = again.load();
    offline.waiting[0]?.fail(new Problem(0, "offline", "没有网络"));
    await began;
    expect([again.items.value, again.state.value, again.problem.value?.code]).toEqual([[1, 2], "ready", "offline"]);
    expect(Date.now() - (again.seenAt.value ?? 0)).toBeLessThan(5000);
    forgetKept();
    expect(stored.size).toBe(0);
  });

  it("is so much and no more, and a full phone loses nothing that was shown", () => {
    for (let number = 0; number < 100; number += 1) retain(`thing.${number}`, { number }, number);
    expect([stored.has("thing.19"), stored.has("thing.20"), stored.size]).toEqual([false, true, 81]);
    uni.setStorageSync = vi.fn(() => {
      throw new Error("full");
    }) as never;
    expect(() => retain("thing.99", {}, 1)).not.toThrow();
    expect(stored.has("thing.99")).toBe(false);
  });
});
