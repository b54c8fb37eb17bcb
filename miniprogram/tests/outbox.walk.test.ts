/** A worker who edits, sends, loses the signal and the app at any moment: nothing that was written is lost. */
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Problem } from "@/api/problem";
import type { Parcel } from "@/kinds/index";
import { contentOf } from "@/outbox/sender";
import { drawn, random } from "./walking";

vi.hoisted(() => vi.stubGlobal("uni", { getStorageSync: () => "" })); // read as soon as the app's files are

const KINDS = ["hazard", "suggestion", "answer", "reopen"] as const;
const WALKS = 30; // of each kind
type Kind = (typeof KINDS)[number];

const storage = new Map<string, unknown>();
const calls: Record<string, (...given: never[]) => Promise<unknown>> = {};

vi.mock("@/api/calls", () => calls);
vi.mock("@/platform/photos", () => ({
  keepPhoto: async (_key: string, source: string) => new TextEncoder().encode(source).buffer,
  forgetPhoto: async () => undefined,
  photoAddress: vi.fn(),
  headOf: async () => new ArrayBuffer(0),
}));
vi.mock("@/platform/shrink", () => ({
  USUAL_COPY: {}, THRIFTY_COPY: {},
  withinLimit: async (chosen: unknown) => chosen,
  smallCopy: async ({ source }: { source: string }) => ({ source: `small ${source}`, size: 1 }),
}));
vi.mock("@/platform/network", () => ({ network: { online: true }, watchNetwork: vi.fn() }));
vi.mock("@/api/session", async () => {
  const { reactive } = await import("vue");
  return { session: reactive({ me: { id: "p-1", enterprise: null } }), tokenNow: async () => "token", canSignIn: () => true };
});
vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, JSON.parse(JSON.stringify(value))),
  removeStorageSync: (key: string) => storage.delete(key),
});

interface Version {
  said: string; // as contentOf tells it
  photos: { sha256: string; position: number; isHere: boolean }[];
  isWithdrawn: boolean;
  isDone?: boolean; // it arrived as it was wanted: what is written after that is another report
}

/** The server's rules for what a parcel may become, and a line on which every call waits for its fate. */
class Server {
  versions = new Map<string, Version>();
  problems!: typeof import("@/api/problem"); // of the app that runs now
  waiting: { act: () => unknown; resolve: (value: unknown) => void; reject: (problem: Problem) => void }[] = [];

  constructor(readonly kind: Kind) {
    const put = (id: string, body: { photos: { sha256: string }[] }) => this.called(() => this.put(id, body));
    calls.putHazard = calls.putSuggestion = put as never;
    calls.putAnswer = calls.putReopening = ((_of: string, id: string, body: never) => put(id, body)) as never;
    calls.getTask = calls.submitTask = calls.getVisit = calls.putRecord = calls.putCheckIn = calls.sendFile = (() => this.called(() => undefined)) as never; // no parcel of these kinds uses them
    calls.sendPhoto = ((target: string, { key }: { key: string }, position: number) => this.called(() => this.receive(target, key, position))) as never;
    calls.listOriginals = async () => ({ items: [] });
    calls.withdraw = ((id: string) => this.called(() => this.withdraw(id))) as never;
  }

  private called(act: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.push({ act, resolve, reject }));
  }

  /** What becomes of the call that has waited longest; `cut` before or after the server has heard it. */
  async settle(fate: "through" | "cut before" | "cut after" | "killed"): Promise<void> {
    const call = this.waiting.shift();
    if (!call) return;
    try {
      const answer = fate === "cut before" ? null : call.act();
      if (fate === "through") call.resolve(answer);
      else if (fate !== "killed") call.reject(this.problems.offline());
    } catch (problem) {
      if (fate === "through") call.reject(problem as Problem);
      else if (fate !== "killed") call.reject(this.problems.offline());
    }
    await quiet();
  }

  private get follows(): boolean {
    return this.kind === "answer" || this.kind === "reopen";
  }

  whole(): Version[] {
    return [...this.versions.values()].filter((each) => !each.isWithdrawn && each.photos.every((photo) => photo.isHere));
  }

  private put(id: string, body: { photos: { sha256: string }[] }): unknown {
    const said = JSON.stringify(body);
    const known = this.versions.get(id);
    if (known && known.said !== said) throw new this.problems.Problem(409, "content_differs", "");
    if (!known && this.follows) {
      if (this.whole().length) throw new this.problems.Problem(409, "nothing_asked", "");
      this.versions.clear(); // one that was never finished
    }
    const photos = body.photos.map(({ sha256 }, position) => ({ sha256, position, isHere: false }));
    this.versions.set(id, known ?? { said, photos, isWithdrawn: false });
    const now = this.versions.get(id)!;
    return { photos: now.photos.map(({ sha256, position, isHere }) => ({ sha256, position, state: isHere ? "ready" : "awaited" })) };
  }

  private receive(target: string, key: string, position: number): unknown {
    const version = this.follows ? [...this.versions.values()].at(-1) : this.versions.get(target);
    if (!version) throw new this.problems.Problem(404, "not_found", "");
    if (version.isWithdrawn) throw new this.problems.Problem(409, "withdrawn", "");
    const photo = version.photos.find((each) => each.position === position && each.sha256 === hashes.get(key));
    if (!photo) throw new this.problems.Problem(422, "photo_unknown", "");
    photo.isHere = true;
    return {};
  }

  /** The same person on a second phone: what is incomplete is taken back there, a question is answered there first. */
  elsewhere(): void {
    const whole = this.whole();
    if (!this.follows) [...this.versions].filter(([, version]) => !whole.includes(version)).forEach(([id]) => this.withdraw(id));
    else if (!whole.length) this.versions.set("elsewhere", { said: "elsewhere", photos: [], isWithdrawn: false });
  }

  private withdraw(id: string): unknown {
    const version = this.versions.get(id);
    if (!version) throw new this.problems.Problem(404, "not_found", "");
    version.isWithdrawn = true;
    return {};
  }
}

const hashes = new Map<string, string>(); // of each photo by its key

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

class Walk {
  app!: typeof import("@/outbox/outbox") & typeof import("@/outbox/begin");
  parcel!: Parcel;
  said = ""; // what the worker wrote last
  hasWritten = false;
  words = 0;
  readonly server: Server;
  readonly log: string[] = [];

  constructor(readonly kind: Kind) {
    this.server = new Server(kind);
  }

  /** The app starts, or is killed and starts again: what was under way is never heard of again. */
  async restart(): Promise<void> {
    vi.resetModules();
    this.app = { ...(await import("@/outbox/outbox")), ...(await import("@/outbox/begin")) };
    this.server.problems = await import("@/api/problem");
    const [known] = this.app.parcels.value;
    if (this.kind === "answer") this.parcel = this.app.answerFor("h-1");
    else if (this.kind === "reopen") this.parcel = this.app.reopeningFor("h-1");
    else this.parcel = known ?? (this.kind === "hazard" ? this.app.startHazard() : this.app.startSuggestion());
    if (!known) this.write(); // another one begins, with words of its own: it is not taken for one before
  }

  write(): void {
    const text = `第${++this.words}句`;
    if (this.parcel.kind === "hazard") this.parcel.description = text;
    else if (this.parcel.kind === "suggestion") this.parcel.proposal = text;
    else if (this.parcel.kind !== "visit" && this.parcel.kind !== "checkIn") this.parcel.text = text;
    this.changed(() => this.app.edited(this.parcel));
  }

  async photograph(): Promise<void> {
    await this.app.addPhoto(this.parcel, { source: `photo ${++this.words}`, size: 1 });
    for (const photo of this.parcel.photos) hashes.set(photo.key, photo.sha256);
    this.changed(() => undefined);
  }

  async drop(): Promise<void> {
    const [photo] = this.parcel.photos;
    if (photo) await this.app.removePhoto(this.parcel, photo.key);
    this.changed(() => undefined);
  }

  /** With the name or without: its id changes with it. */
  private hide(): void {
    const { parcel } = this;
    if (parcel.kind !== "hazard") return;
    this.app.setAnonymous(parcel, !parcel.isAnonymous);
    this.changed(() => undefined);
  }

  /** Its photos go to what somebody else has reported. */
  private join(): void {
    const { parcel } = this;
    if (parcel.kind !== "hazard") return;
    parcel.sameAs = parcel.sameAs ? undefined : "h-2";
    this.changed(() => this.app.edited(parcel));
  }

  private changed(tell: () => void): void {
    const isMine = this.app.parcels.value.length > 0;
    const before = contentOf(this.parcel);
    tell();
    this.hasWritten = true;
    this.said = contentOf(this.parcel);
    if (isMine) expect(this.said).toBe(before); // what arrived has left its photos with the server
  }

  async step(draw: number): Promise<void> {
    const act = drawn<() => unknown>(draw, [
      ["write", 3, () => this.write()],
      ["photograph", 2, () => this.photograph()],
      ["drop a photo", 1, () => this.drop()],
      ["send", 4, () => this.app.submit(this.parcel)],
      ["look at it again", 1, () => this.app.hold(this.parcel)],
      ["signal", 3, () => void this.app.flush(true)],
      ["through", 8, () => this.server.settle("through")],
      ["cut before", 1, () => this.server.settle("cut before")],
      ["cut after", 1, () => this.server.settle("cut after")],
      ["killed", 1, () => this.kill(draw)],
      ["who sees it", 1, () => this.hide()],
      ["the same as another", 1, () => this.join()],
      ["elsewhere", 1, () => this.server.elsewhere()],
    ]);
    this.log.push(act.name);
    await act.work();
    await quiet();
    if (this.app.parcels.value.length === 0) this.server.whole().forEach((version) => (version.isDone = true));
  }

  private async kill(draw: number): Promise<void> {
    if (draw * 1000 % 2 < 1) await this.server.settle("killed"); // the server has heard the last call all the same
    this.server.waiting = [];
    await this.restart();
  }

  /** What is stored on the phone, as it would be found after a restart. */
  stored(): Parcel[] {
    const ids = (storage.get("outbox.index") as string[] | undefined) ?? [];
    return ids.map((id) => storage.get(`outbox.${id}`) as Parcel).filter(Boolean);
  }

  check(): void {
    if (!this.hasWritten) return;
    const isHere = this.stored().some((parcel) => contentOf(parcel) === this.said);
    const isThere = this.server.whole().some((version) => version.said === this.said);
    expect(isHere || isThere, `lost after: ${this.log.join(", ")}`).toBe(true);
  }

  /** The signal stays, and the worker presses send once more. */
  async settleDown(): Promise<void> {
    if (this.app.parcels.value.length) this.app.submit(this.app.parcels.value[0]!);
    for (let turn = 0; turn < 60; turn += 1) {
      void this.app.flush(true);
      await quiet();
      await this.server.settle("through");
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  storage.clear();
  hashes.clear();
});

describe.each(KINDS)("a %s that is edited, sent, cut and killed at random", (kind) => {
  it("is at every moment on the phone or whole with the server, and in the end the last words count alone", async () => {
    for (let seed = 1; seed <= WALKS; seed += 1) {
      storage.clear();
      const walk = new Walk(kind);
      const next = random(seed);
      await walk.restart();
      for (let step = 0; step < 30; step += 1) {
        await walk.step(next());
        walk.check();
      }
      await walk.settleDown();
      walk.check();
      const whole = walk.server.whole().filter((version) => !version.isDone || version.said === walk.said);
      const story = `seed ${seed}: ${walk.log.join(", ")}`;
      expect(whole.length, story).toBeLessThanOrEqual(1);
      const [kept] = walk.app.parcels.value;
      const later = ((storage.get("outbox.originals") ?? []) as { copy: string }[]).map(({ copy }) => copy);
      if (!kept) expect(later, story).toEqual(expect.arrayContaining(whole.flatMap((version) => version.photos.map(({ sha256 }) => sha256))));
      if (kept) expect([kept.state, contentOf(kept)], story).toEqual(["refused", walk.said]);
      else if (walk.hasWritten) expect(whole.map((version) => version.said), story).toEqual([walk.said]);
    }
  }, 120_000);
});
