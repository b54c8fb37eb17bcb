/**
 * One answer to a task, or one record of a visit, that two phones work on at once: written, saved, sent, cut, killed, returned at random.
 * No word is lost, and none takes the place of another that its writer has not seen.
 */
import { beforeEach, describe, it, vi } from "vitest";

import type { FindingIn, RecordIn, VisitDraftIn } from "@/api/types";
import type { Content, ResponseParcel } from "@/kinds/response";
import type { VisitParcel } from "@/kinds/visit";
import { atWork, calls, layOut, Server, Walk, type Field, type Page, type Phone, type Words } from "./twoPhones";
import { random } from "./walking";

const SEEDS = [...Array.from({ length: 16 }, (_, index) => index + 1), 51, 119]; // the last two have found something
const STEPS = 45;
const FORM = {
  sections: [{
    key: "s", title: "",
    fields: [{ kind: "text", key: "a", label: "甲" }, { kind: "text", key: "b", label: "乙" }, { kind: "photo", key: "shots", label: "照片", most: 9 }],
  }],
};

vi.mock("@/api/calls", () => calls);
vi.mock("@dcloudio/uni-app", () => ({
  onHide: (hook: () => void) => void atWork().hidden.push(hook),
  onUnload: (hook: () => void) => void atWork().unloaded.push(hook),
  onShow: () => undefined,
  onPullDownRefresh: () => undefined,
}));
vi.mock("@/platform/photos", () => ({
  keepPhoto: async (_key: string, source: string) => new TextEncoder().encode(source).buffer,
  forgetPhoto: async () => undefined, photoAddress: () => "", headOf: async () => new ArrayBuffer(0),
}));
vi.mock("@/platform/shrink", () => ({ USUAL_COPY: {}, THRIFTY_COPY: {}, withinLimit: async (chosen: unknown) => chosen, smallCopy: async () => null }));
vi.mock("@/platform/fitness", () => ({
  addEach: async (chosen: unknown[], add: (each: unknown) => Promise<unknown>) => {
    for (const each of chosen) await add(each);
  },
}));
vi.mock("@/lib/sha256", () => ({ sha256Hex: async (content: ArrayBuffer) => new TextDecoder().decode(content) })); // the browser's own takes a thread
vi.mock("@/platform/network", () => ({ network: { online: true }, watchNetwork: () => undefined }));
vi.mock("@/api/session", () => ({ session: { me: { id: "p-1", enterprise: null } }, tokenNow: async () => "token", canSignIn: () => true }));
layOut();

const NAMES = { a: "situation", b: "activities" } as const; // in a visit's record
const FINDING: FindingIn = {
  id: "f-1", place: "车间", description: "没有护栏", basis: "", kind: "things", grade: 3, suspected_major: "", suggestion: "建议装护栏", due_on: "2026-11-29",
  owner: "", measures: "", funds: "", emergency_plan: "", photos: [],
};

class TaskServer extends Server {
  draft: Content & { version: number } = { answers: {}, skipped: {}, text: "", version: 0 };
  isOpen = true;

  constructor(walk: Walk) {
    super(walk);
    calls.getTask = (() => this.called(() => this.task())) as never;
    calls.saveTask = ((_id: string, body: Content & { version: number }) => this.called(() => this.save(body))) as never;
    calls.submitTask = ((_id: string, body: Content & { version: number; key: string }) => this.called(() => this.submit(body))) as never;
  }

  private said(): object {
    return { ...(JSON.parse(JSON.stringify(this.draft)) as object), edited_by: "王某", errors: {} };
  }

  private task(): object {
    return { id: "t-1", title: "冬季检查", form: FORM, wants_reply: true, may: { answer: this.isOpen }, response: this.said(), remarks: {} };
  }

  words(): Words {
    return { a: (this.draft.answers.a as string) ?? "", b: (this.draft.answers.b as string) ?? "" };
  }

  takes(): boolean {
    return this.isOpen;
  }

  private keep(body: Content & { version: number }): void {
    if (JSON.stringify([body.answers, body.skipped, body.text]) === JSON.stringify([this.draft.answers, this.draft.skipped, this.draft.text])) return;
    if (body.version !== this.draft.version) this.fail("stale");
    const before = this.words();
    const { answers, skipped, text } = JSON.parse(JSON.stringify(body)) as Content;
    this.draft = { answers, skipped, text, version: this.draft.version + 1 };
    this.replace(before, this.words());
  }

  private save(body: Content & { version: number }): object {
    if (!this.isOpen) this.fail("not_now");
    this.keep(body);
    return this.said();
  }

  private submit(body: Content & { version: number; key: string }): object {
    const [words, files] = [{ a: (body.answers.a as string) ?? "", b: (body.answers.b as string) ?? "" }, JSON.stringify(body.answers.shots ?? [])];
    const known = this.sent.find(({ key }) => key === body.key);
    if (known) return JSON.stringify([known.words, known.files]) === JSON.stringify([words, files]) ? {} : this.fail("content_differs");
    if (!this.isOpen) this.fail("not_now");
    if (((body.answers.shots ?? []) as string[]).some((id) => !this.files.has(id))) this.fail("invalid", 422);
    this.keep(body);
    this.sent.push({ key: body.key, words, files });
    this.isOpen = false;
    return {};
  }

  giveBack(): void {
    this.isOpen = true;
  }
}

/** What both phones note at an enterprise: a draft until a record takes its place, which may be recorded again. */
class VisitServer extends Server {
  visit = { version: 1, a: "", b: "" };
  draft: { version: number; content: VisitDraftIn["content"] } | null = null;

  constructor(walk: Walk) {
    super(walk);
    calls.getVisit = (() => this.called(() => this.shown())) as never;
    calls.saveVisit = ((_id: string, body: VisitDraftIn) => this.called(() => this.save(body))) as never;
    calls.putRecord = ((_id: string, body: RecordIn) => this.called(() => this.record(body))) as never;
  }

  private shown(): object {
    const { version, a, b } = this.visit;
    return {
      id: "v-1", enterprise: "示例船厂", occasion: "抽查", version, visited_on: "2026-11-29", answers: {}, skipped: {}, situation: a, activities: b, talks: [],
      findings: [], signatures: [], files: [], draft: this.drafted(), may_record: true,
    };
  }

  private drafted(): object | null {
    return this.draft && { ...(JSON.parse(JSON.stringify(this.draft)) as object), edited_by: "王某", edited_at: "" };
  }

  words(): Words {
    if (!this.draft) return { a: this.visit.a, b: this.visit.b };
    return { a: this.draft.content.situation ?? "", b: this.draft.content.activities ?? "" };
  }

  takes(): boolean {
    return true;
  }

  private save({ version, visit_version, content }: VisitDraftIn): object {
    if (this.draft && JSON.stringify(this.draft.content) === JSON.stringify(content)) return this.drafted()!;
    if (visit_version !== this.visit.version || version !== (this.draft?.version ?? 0)) this.fail("stale");
    const before = this.words();
    this.draft = { version: version + 1, content: JSON.parse(JSON.stringify(content)) as VisitDraftIn["content"] };
    this.replace(before, this.words());
    return this.drafted()!;
  }

  private record({ key, version, draft_version, situation: a = "", activities: b = "", findings = [] }: RecordIn): object {
    const files = JSON.stringify(findings);
    const last = this.sent.at(-1);
    if (last?.key === key) return JSON.stringify([last.words, last.files]) === JSON.stringify([{ a, b }, files]) ? {} : this.fail("content_differs");
    if (version !== this.visit.version || (this.draft && draft_version !== this.draft.version)) this.fail("stale");
    if (findings.some(({ photos }) => photos?.some((id) => !this.files.has(id)))) this.fail("invalid", 422);
    const before = this.words();
    this.sent.push({ key, words: { a, b }, files });
    [this.visit, this.draft] = [{ version: version + 1, a, b }, null];
    this.replace(before, this.words());
    return {};
  }

  giveBack(): void {} // may be recorded again at any time
}

class TaskWalk extends Walk {
  open(phone: Phone): Page {
    const desk = phone.app.useDesk(() => "t-1");
    const filling = phone.app.useFilling(desk);
    const shots = FORM.sections[0]!.fields[2] as never;
    const conflicts = () => desk.parcel.value?.conflicts ?? [];
    return {
      words: () => ({ a: (desk.content.value.answers.a as string) ?? "", b: (desk.content.value.answers.b as string) ?? "" }),
      theirs: (field) => conflicts().find(({ path }) => path === `a.${field}`)?.theirs as string | undefined,
      mayWrite: () => Boolean(desk.task.value?.may.answer) && desk.parcel.value?.state !== "sending",
      isAsked: () => conflicts().length > 0,
      write: (field, text) => filling.answer(field, text),
      photograph: (source) => filling.addPhotos(shots, [{ source, size: 1 }]),
      drop: async () => {
        const [id] = (desk.content.value.answers.shots ?? []) as string[];
        if (id) await filling.remove(shots, id);
      },
      choose: (choice) => conflicts().forEach(({ path }) => filling.choose(path, choice)),
      send: async () => {
        await filling.send();
        phone.leave();
      },
      load: () => desk.load(),
    };
  }

  holds(phone: Phone, field: Field, text: string): boolean {
    return phone.stored().some((parcel) => (parcel as ResponseParcel).answers[field] === text);
  }
}

class VisitWalk extends Walk {
  open(phone: Phone): Page {
    const { useVisit, goOnUpon } = phone.app;
    const desk = useVisit(() => "v-1");
    const conflicts = () => desk.parcel.value?.conflicts ?? [];
    return {
      words: () => ({ a: desk.noted.value.situation, b: desk.noted.value.activities }),
      theirs: (field) => (desk.isOld.value ? desk.visit.value![NAMES[field]] : (conflicts().find(({ path }) => path === NAMES[field])?.theirs as string | undefined)),
      mayWrite: () => Boolean(desk.visit.value) && desk.parcel.value?.state !== "sending",
      isAsked: () => desk.isOld.value || conflicts().length > 0,
      write: (field, text) => void desk.change((record) => (record[NAMES[field]] = text)),
      photograph: async (source) => {
        if (!desk.noted.value.findings.length) desk.change((record) => record.findings.push({ ...FINDING, photos: [] }));
        await desk.addPhotos(`finding.${FINDING.id}`, [{ source, size: 1 }], (record, { key }) => record.findings[0]?.photos?.push(key));
      },
      drop: async () => {
        const [key] = desk.noted.value.findings[0]?.photos ?? [];
        if (!key) return;
        desk.change((record) => (record.findings[0]!.photos = record.findings[0]!.photos!.filter((each) => each !== key)));
        await desk.drop(key);
      },
      choose: (choice) => {
        if (!desk.isOld.value) return conflicts().forEach(({ path }) => desk.choose(path, choice));
        if (choice === "mine") desk.change((record) => void goOnUpon(record, desk.visit.value!));
        else void phone.outbox.discard(desk.parcel.value!);
      },
      send: async () => {
        const mine = desk.change(() => undefined);
        await desk.stop();
        if (mine) phone.outbox.submit(mine);
        phone.leave();
      },
      load: () => desk.load(),
    };
  }

  holds(phone: Phone, field: Field, text: string): boolean {
    return phone.stored().some((parcel) => (parcel as VisitParcel)[NAMES[field]] === text);
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));

describe.each([
  ["an answer to a task", TaskWalk, TaskServer],
  ["the record of a visit", VisitWalk, VisitServer],
] as const)("%s on two phones", (_name, SomeWalk, SomeServer) => {
  it("keeps every word until its place is taken by somebody who saw it, and in the end both show the same", async () => {
    for (const seed of SEEDS) {
      const walk = new SomeWalk();
      const next = random(seed);
      const server = new SomeServer(walk);
      await walk.begin(server);
      walk.log.push(`seed ${seed}`);
      for (let step = 0; step < STEPS; step += 1) {
        await walk.step(next(), next(), next());
        walk.check();
      }
      server.giveBack();
      await walk.settleDown();
      walk.check();
      walk.checkRest();
    }
  }, 120_000);
});
