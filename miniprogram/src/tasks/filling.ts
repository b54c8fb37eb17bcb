/** Filling in: what the form's page shows of the answer, and what a tap does to it. */
import { computed, nextTick, ref, type ComputedRef, type Ref } from "vue";

import type { KeptPhoto } from "@/kinds/parcel";
import type { ResponseParcel } from "@/kinds/response";
import { toast } from "@/lib/toast";
import { addPhoto, keepFile, removePhoto, submit } from "@/outbox/outbox";
import type { Chosen } from "@/platform/camera";
import type { Document } from "@/platform/documents";
import { addEach } from "@/platform/fitness";
import type { Desk } from "@/tasks/draft";
import type { CheckAnswer, Field, Section } from "@/tasks/form";
import { settle } from "@/tasks/merge";
import { nextSpot, openSpots, progressOf, screensOf, type Progress, type Spot } from "@/tasks/progress";
import { checkAnswers, isNothing, type Checked } from "@/tasks/rules";

export const FREE = "text"; // the path of what is said without a form, and the field of its files
const LARGEST_DOCUMENT = 20 * 1024 * 1024; // bytes
const NOTHING: Checked = { answers: {}, skipped: {}, errors: {} };

export interface Filling {
  screens: ComputedRef<Section[][]>;
  screen: Ref<number>;
  draft: ComputedRef<Checked>;
  final: ComputedRef<Checked>;
  errors: ComputedRef<Record<string, string>>;
  open: ComputedRef<Spot[]>;
  progress: ComputedRef<Progress>;
  isTried: Ref<boolean>; // send was pressed: what is missing is shown too
  answer: (key: string, value: unknown) => void;
  skip: (key: string, reason: string | null) => void;
  write: (text: string) => void;
  addPhotos: (field: Field | null, chosen: Chosen[]) => Promise<void>;
  addDocuments: (field: Field | null, chosen: Document[]) => Promise<void>;
  remove: (field: Field | null, id: string) => Promise<void>;
  choose: (path: string, choice: "mine" | "theirs") => void;
  turnTo: (screen: number) => void;
  goOn: () => void;
  goTo: (spot: Spot) => void;
  send: () => Promise<void>;
}

export function useFilling(desk: Desk): Filling {
  const form = computed(() => desk.task.value?.form ?? null);
  const screens = computed(() => (form.value ? screensOf(form.value) : []));
  const screen = ref(0);
  const isTried = ref(false);
  let last = ""; // the key gone to last
  const check = (isFinal: boolean): Checked =>
    form.value ? checkAnswers(form.value, desk.content.value.answers, desk.content.value.skipped, isFinal) : NOTHING;
  const draft = computed(() => check(false));
  const final = computed(() => check(true));
  const errors = computed(() => ({ ...desk.errors.value, ...(isTried.value ? final.value.errors : draft.value.errors) }));
  const open = computed(() => openSpots(screens.value, final.value));
  const progress = computed(() => progressOf(screens.value.flat(), final.value));

  function set(mine: ResponseParcel, key: string, value: unknown): void {
    if (isNothing(value)) delete mine.answers[key];
    else mine.answers[key] = value;
  }
  const answer = (key: string, value: unknown): void => void desk.change((mine) => set(mine, key, value));
  const write = (text: string): void => void desk.change((mine) => (mine.text = text));
  const choose = (path: string, choice: "mine" | "theirs"): void => void desk.change((mine) => settle(mine, path, choice));

  function skip(key: string, reason: string | null): void {
    desk.change((mine) => {
      if (reason === null) delete mine.skipped[key];
      else mine.skipped[key] = reason;
    });
  }

  /** Keep each on the phone, then name it in the answer. */
  async function add(field: Field | null, keep: (mine: ResponseParcel, field: string) => Promise<KeptPhoto | null>): Promise<void> {
    const mine = desk.change(() => undefined);
    const kept = mine && (await keep(mine, field?.key ?? FREE));
    if (field && kept) desk.change((now) => set(now, field.key, withIds(field, now.answers[field.key], (ids) => [...ids, kept.key])));
  }

  async function addAll<C>(chosen: C[], one: (each: C) => Promise<void>): Promise<void> {
    try {
      for (const each of chosen) await one(each);
    } catch {
      uni.showModal({ title: "没存下来", content: "手机空间可能不够了，清理一下再放。已有的都还在。", showCancel: false });
    }
  }
  const addPhotos = (field: Field | null, chosen: Chosen[]): Promise<void> =>
    addEach(chosen, (each) => add(field, (mine, key) => addPhoto(mine, each, key)));
  const addDocuments = (field: Field | null, chosen: Document[]): Promise<void> =>
    addAll(chosen.filter(fits), (each) => add(field, (mine, key) => keepFile(mine, each, { field: key, name: each.name })));

  async function remove(field: Field | null, id: string): Promise<void> {
    const mine = desk.change((now) => {
      if (field) set(now, field.key, withIds(field, now.answers[field.key], (ids) => ids.filter((each) => each !== id)));
      const isHere = now.photos.some(({ key }) => key === id);
      if (!isHere || now.arrived.includes(id)) now.removed.push(id);
    });
    if (mine?.photos.some(({ key }) => key === id)) await removePhoto(mine, id);
  }

  function turnTo(to: number): void {
    screen.value = to;
    last = "";
    void nextTick(() => uni.pageScrollTo({ scrollTop: 0, duration: 0 }));
  }

  function goTo(spot: Spot): void {
    screen.value = spot.screen;
    last = spot.key;
    void nextTick(() => setTimeout(() => uni.pageScrollTo({ selector: `#f-${spot.key}`, duration: 200 }), 60));
  }

  function goOn(): void {
    const spot = nextSpot(open.value, screen.value, last);
    if (spot) goTo(spot);
  }

  /** Put it into the outbox as the rules keep it, with the files that it names. */
  async function send(): Promise<void> {
    const mine = desk.change((now) => {
      if (form.value) Object.assign(now, { answers: { ...final.value.answers }, skipped: { ...final.value.skipped } });
    });
    if (!mine) return;
    await desk.stop();
    const named = JSON.stringify(mine.answers);
    for (const { key, field } of [...mine.photos]) if (field !== FREE && !named.includes(key)) await removePhoto(mine, key);
    submit(mine);
  }

  return {
    screens, screen, draft, final, errors, open, progress, isTried, answer, skip, write, addPhotos, addDocuments, remove, choose, turnTo, goOn, goTo, send,
  };
}

function fits({ size }: Document): boolean {
  if (size > LARGEST_DOCUMENT) toast("文件太大了，最大 20 MB");
  return size <= LARGEST_DOCUMENT;
}

/** The answer of that field with other photos or files. */
function withIds(field: Field, value: unknown, work: (ids: string[]) => string[]): unknown {
  if (field.kind !== "check") return work(Array.isArray(value) ? (value as string[]) : []);
  const now: CheckAnswer = { result: null, words: "", photos: [], ...(value as Partial<CheckAnswer> | null | undefined) };
  const photos = work(now.photos);
  return now.result || now.words || photos.length ? { ...now, photos } : null;
}
