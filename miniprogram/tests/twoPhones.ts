/** What a walk over two phones stands on: each has its storage, its line, its clock and its own copy of the app; only one is at work at a time. */
import { effectScope, type EffectScope } from "vue";
import { expect, vi } from "vitest";

import type { Problem } from "@/api/problem";
import type { Parcel } from "@/kinds/index";
import { drawn } from "./walking";

export const FIELDS = ["a", "b"] as const; // two of the words that are shared
export type Field = (typeof FIELDS)[number];
export type Words = Record<Field, string>;
type App = typeof import("@/tasks/draft") & typeof import("@/tasks/filling") & typeof import("@/tasks/visits/desk") & typeof import("@/tasks/visits/saving");

export const calls: Record<string, (...given: never[]) => Promise<unknown>> = {};

/** The phone that is at work, and the tests' own clock while none is. */
const desk: { now: Phone | null; isOurs: boolean } = { now: null, isOurs: false };
const own = { setTimeout, clearTimeout };
export const atWork = (): Phone => desk.now!;

/** What the app finds on whichever phone is at work. */
export function layOut(): void {
  vi.stubGlobal("uni", {
    getStorageSync: (key: string) => desk.now?.storage.get(key) ?? "",
    setStorageSync: (key: string, value: unknown) => atWork().storage.set(key, JSON.parse(JSON.stringify(value))),
    removeStorageSync: (key: string) => atWork().storage.delete(key),
    stopPullDownRefresh: () => undefined,
  });
  vi.stubGlobal("setTimeout", (work: () => void, time: number) => (desk.isOurs ? atWork().timers.push(work) : own.setTimeout(work, time)));
  vi.stubGlobal("clearTimeout", (which: number) => (desk.isOurs ? which && (atWork().timers[which - 1] = () => undefined) : own.clearTimeout(which)));
  vi.spyOn(console, "warn").mockImplementation(() => undefined); // onUnmounted outside of a component
}

function takeUp(phone: Phone, isOurs: boolean): void {
  Object.assign(desk, { now: phone, isOurs });
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

interface Call {
  act: () => unknown;
  resolve: (value: unknown) => void;
  reject: (problem: Problem) => void;
}

class Refusal extends Error {
  constructor(readonly status: number, readonly code: string) {
    super(code);
  }
}

/** What a page says and does, the same of both kinds. */
export interface Page {
  words(): Words; // as they are shown
  theirs(field: Field): string | undefined; // the other words, where the person is asked
  mayWrite(): boolean;
  isAsked(): boolean; // something is to be chosen before it can be sent
  write(field: Field, text: string): void;
  photograph(source: string): Promise<void>;
  drop(): Promise<void>;
  choose(choice: "mine" | "theirs"): void;
  send(): Promise<void>;
  load(): Promise<void>;
}

/** The server's rules for a draft that several hands write, as server/assignments/responses and server/oversight/visits have them. */
export abstract class Server {
  files = new Set<string>();
  had: Record<Field, Set<string>> = { a: new Set(), b: new Set() }; // all that was ever there
  sent: { key: string; words: Words; files: string }[] = [];
  wrong: string[] = [];

  constructor(readonly walk: Walk) {
    const names = ["getTask", "saveTask", "submitTask", "getVisit", "saveVisit", "putRecord", "sendFile", "removeFile", "listFiles"];
    for (const name of [...names, "putHazard", "putSuggestion", "putAnswer", "putReopening", "putCheckIn", "sendPhoto", "withdraw", "listOriginals"]) {
      calls[name] = async () => undefined;
    }
    calls.sendFile = ((_of: string, { key }: { key: string }) => this.called(() => void this.files.add(key))) as never;
    calls.removeFile = ((id: string) => this.called(() => this.removeFile(id))) as never;
    calls.listFiles = async () => ({ items: [] });
    calls.listOriginals = async () => ({ items: [] });
  }

  protected called(act: () => unknown): Promise<unknown> {
    const { waiting } = atWork();
    return new Promise((resolve, reject) => waiting.push({ act, resolve, reject }));
  }

  protected fail(code: string, status = 409): never {
    throw new Refusal(status, code);
  }

  private removeFile(id: string): void {
    if (this.sent.some(({ files }) => files.includes(id))) this.fail("file_frozen");
    this.files.delete(id);
  }

  /** Those words take the place of these: whoever wrote them must have seen these. */
  protected replace(before: Words, after: Words): void {
    for (const field of FIELDS) {
      const [old, given] = [before[field], after[field]];
      if (given) this.had[field].add(given);
      if (old && given !== old && !this.walk.knew.get(given)?.has(old)) this.wrong.push(`${field}: ${old} → ${given || "nothing"}, unseen`);
    }
  }

  abstract words(): Words; // that count now
  abstract takes(): boolean;
  abstract giveBack(): void;
}

/** One of the two phones. */
export class Phone {
  storage = new Map<string, unknown>();
  waiting: Call[] = [];
  timers: (() => void)[] = [];
  hidden: (() => void)[] = [];
  unloaded: (() => void)[] = [];
  shown: Record<Field, Set<string>> = { a: new Set(), b: new Set() }; // all words that stood on its screen
  written: Words = { a: "", b: "" }; // last, and not given up
  page: Page | null = null;
  scope: EffectScope | null = null;
  problems!: typeof import("@/api/problem");
  outbox!: typeof import("@/outbox/outbox");
  app!: App;

  constructor(readonly walk: Walk, readonly name: string) {}

  /** What happens on this phone alone, until nothing is left but to wait. */
  async on(work: () => unknown): Promise<void> {
    takeUp(this, true);
    void (async () => work())().catch((thrown) => this.walk.server.wrong.push(String(thrown)));
    await quiet();
    takeUp(this, false);
    this.look();
  }

  look(): void {
    if (!this.page) return;
    const words = this.page.words();
    for (const field of FIELDS) for (const text of [words[field], this.page.theirs(field)]) if (text) this.shown[field].add(text);
  }

  async start(): Promise<void> {
    takeUp(this, false);
    vi.resetModules();
    this.outbox = await import("@/outbox/outbox");
    this.app = {
      ...(await import("@/tasks/draft")), ...(await import("@/tasks/filling")), ...(await import("@/tasks/visits/desk")), ...(await import("@/tasks/visits/saving")),
    };
    this.problems = await import("@/api/problem");
    [this.waiting, this.timers, this.hidden, this.unloaded] = [[], [], [], []];
    this.open();
  }

  open(): void {
    takeUp(this, desk.isOurs);
    this.scope = effectScope(true);
    this.scope.run(() => (this.page = this.walk.open(this)));
    void this.page!.load();
  }

  /** Back to the list: what is under way goes on. */
  leave(): void {
    const page = this.unloaded.splice(0);
    this.hidden = [];
    this.page = null;
    page.forEach((hook) => hook());
  }

  async settle(fate: "through" | "cut before" | "cut after" | "killed"): Promise<void> {
    const call = this.waiting.shift();
    if (!call) return;
    const { Problem, offline } = this.problems; // this phone's own: each has its own copy of the app
    await this.on(() => {
      try {
        const answer = fate === "cut before" ? null : call.act();
        if (fate === "through") call.resolve(answer);
        else if (fate !== "killed") call.reject(offline());
      } catch (thrown) {
        const { status, code } = thrown as Refusal;
        if (fate === "through") call.reject(new Problem(status, code, ""));
        else if (fate !== "killed") call.reject(offline());
      }
    });
  }

  wait(): void {
    const due = this.timers;
    this.timers = due.map(() => () => undefined); // each keeps its number
    due.forEach((work) => work());
  }

  stored(): Parcel[] {
    const ids = (this.storage.get("outbox.index") as string[] | undefined) ?? [];
    return ids.map((id) => this.storage.get(`outbox.${id}`) as Parcel).filter(Boolean);
  }
}

export abstract class Walk {
  server!: Server;
  phones!: Phone[];
  readonly knew = new Map<string, Set<string>>(); // what stood on the screen of whoever wrote this
  readonly log: string[] = [];
  count = 0;

  abstract open(phone: Phone): Page;
  abstract holds(phone: Phone, field: Field, text: string): boolean;

  async begin(server: Server): Promise<void> {
    this.server = server;
    this.phones = [new Phone(this, "A"), new Phone(this, "B")];
    for (const phone of this.phones) await phone.start();
    for (const phone of this.phones) await phone.settle("through");
  }

  private write(phone: Phone, next: number): void {
    if (!phone.page?.mayWrite()) return;
    const field = FIELDS[Math.floor(next * 1000) % 2]!;
    const text = `${phone.name}${++this.count}`;
    this.knew.set(text, new Set(phone.shown[field]));
    phone.page.write(field, text);
    phone.written[field] = text;
  }

  private choose(phone: Phone, choice: "mine" | "theirs"): void {
    if (!phone.page?.isAsked()) return;
    const before = phone.page.words();
    for (const field of FIELDS) {
      if (choice === "theirs" && phone.page.theirs(field) !== undefined) phone.written[field] = "";
      if (choice === "mine") for (const text of phone.shown[field]) if (text !== before[field]) this.knew.get(before[field])?.add(text);
    }
    phone.page.choose(choice);
  }

  private async send(phone: Phone): Promise<void> {
    if (!phone.page?.mayWrite() || phone.page.isAsked()) return;
    await phone.page.send();
  }

  private hold(phone: Phone): void {
    const [parcel] = phone.outbox.parcels.value;
    if (parcel?.state === "sending") phone.outbox.hold(parcel);
  }

  private async kill(phone: Phone, draw: number): Promise<void> {
    if ((draw * 1000) % 2 < 1) await phone.settle("killed");
    phone.scope?.stop();
    await phone.start();
  }

  async step(draw: number, which: number, detail: number): Promise<void> {
    const phone = this.phones[which < 0.5 ? 0 : 1]!;
    const act = drawn<() => unknown>(draw, [
      ["write", 4, () => phone.on(() => this.write(phone, detail))],
      ["photograph", 1, () => phone.on(() => phone.page?.mayWrite() && phone.page.photograph(`photo ${++this.count}`))],
      ["drop a photo", 1, () => phone.on(() => phone.page?.mayWrite() && phone.page.drop())],
      ["put away", 3, () => phone.on(() => phone.hidden.forEach((hook) => hook()))],
      ["wait", 2, () => phone.on(() => phone.wait())],
      ["send", 2, () => phone.on(() => this.send(phone))],
      ["look at it again", 1, () => phone.on(() => this.hold(phone))],
      ["mine", 2, () => phone.on(() => this.choose(phone, "mine"))],
      ["theirs", 1, () => phone.on(() => this.choose(phone, "theirs"))],
      ["look", 3, () => phone.on(() => phone.page?.load())],
      ["leave", 1, () => phone.on(() => phone.leave())],
      ["open", 3, () => phone.page ?? phone.on(() => phone.open())],
      ["signal", 2, () => phone.on(() => void phone.outbox.flush(true))],
      ["through", 14, () => phone.settle("through")],
      ["cut before", 1, () => phone.settle("cut before")],
      ["cut after", 1, () => phone.settle("cut after")],
      ["killed", 1, () => this.kill(phone, detail)],
      ["given back", 2, () => this.server.giveBack()],
    ]);
    this.log.push(`${phone.name} ${act.name}`);
    await act.work();
  }

  check(): void {
    const story = (): string => this.log.join(", ");
    expect(this.server.wrong, story()).toEqual([]);
    for (const phone of this.phones) for (const field of FIELDS) {
      const text = phone.written[field];
      if (text && !this.server.had[field].has(text) && !this.holds(phone, field, text)) expect.fail(`${phone.name} has lost ${text} of ${field} after: ${story()}`);
    }
  }

  /** Once all is settled. */
  checkRest(): void {
    const story = this.log.join(", ");
    for (const phone of this.phones) {
      if (this.server.takes()) expect(phone.page!.words(), story).toEqual(this.server.words());
      for (const parcel of phone.outbox.parcels.value) expect(parcel.state, story).not.toBe("sending");
    }
  }

  /** The signal stays; each opens the page, chooses and leaves it, in turn, until both are at rest. */
  async settleDown(): Promise<void> {
    for (let round = 0; round < 4; round += 1) for (const phone of this.phones) {
      await phone.on(() => phone.page && phone.leave());
      await this.drain(phone);
      await phone.on(() => phone.open());
      await this.drain(phone);
      for (let turn = 0; turn < 4 && phone.page!.isAsked(); turn += 1) {
        await phone.on(() => this.choose(phone, "mine"));
        await this.drain(phone);
      }
      await phone.on(() => phone.hidden.forEach((hook) => hook()));
      await this.drain(phone);
    }
  }

  private async drain(phone: Phone): Promise<void> {
    for (let turn = 0; turn < 40; turn += 1) {
      if (!phone.waiting.length) await phone.on(() => void phone.outbox.flush(true));
      if (!phone.waiting.length) await phone.on(() => phone.wait());
      if (!phone.waiting.length) return;
      await phone.settle("through");
    }
    this.server.wrong.push(`${phone.name} never comes to rest`);
  }
}

