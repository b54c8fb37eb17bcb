/** The record that a page works on: what the server has, what this phone has, and how the one gets to the other. */
import { onHide, onUnload } from "@dcloudio/uni-app";
import { computed, onUnmounted, ref, watch, type ComputedRef, type Ref } from "vue";

import { getVisit, removeFile, saveVisit, sendFile } from "@/api/calls";
import type { Problem } from "@/api/problem";
import type { Visit } from "@/api/types";
import type { KeptPhoto } from "@/kinds/parcel";
import { notedOf, startOf, type Noted, type VisitParcel } from "@/kinds/visit";
import { useLoaded } from "@/lib/loading";
import { dayKey } from "@/lib/time";
import { recordFor, recordOf } from "@/outbox/begin";
import { addPhoto, discard, edited, isOnline, keepFile, onSent, removePhoto, save } from "@/outbox/outbox";
import type { Chosen } from "@/platform/camera";
import { addEach } from "@/platform/fitness";
import { sameIn, settleIn } from "@/tasks/merge";
import { PARTS } from "@/tasks/visits/parts";
import { isSaved, prepare, saveRecord, takeInDraft } from "@/tasks/visits/saving";

const PAUSE = 2000; // ms after the last change
const PATIENCE = 3000; // ms

const EMPTY: Noted = { visitedOn: "", answers: {}, skipped: {}, situation: "", activities: "", talks: [], findings: [], signatures: [] };

export interface Desk {
  visit: Ref<Visit | null>;
  problem: Ref<Problem | null>;
  load: () => Promise<void>;
  parcel: ComputedRef<VisitParcel | null>; // null until something is changed
  noted: ComputedRef<Noted>;
  isOld: ComputedRef<boolean>; // a colleague has recorded it since this was begun
  today: string;
  saving: Ref<"" | "saving" | "saved" | "waiting">;
  fault: Ref<string>; // why the server does not keep it
  taken: Ref<number>; // parts that a colleague has changed, and that were taken over
  choose: (path: string, choice: "mine" | "theirs") => void;
  stop: () => Promise<void>; // the record is sent as a whole now: no more saving, and the one under way may end
  change: (work: (parcel: VisitParcel) => void) => VisitParcel | null;
  addPhotos: (field: string, chosen: Chosen[], note: (parcel: VisitParcel, kept: KeptPhoto) => void, name?: string) => Promise<void>;
  drop: (key: string) => Promise<void>;
}

export function useVisit(id: () => string): Desk {
  const { item: visit, problem, load, reload } = useLoaded(() => getVisit(id()), { keyOf: () => `visit.${id()}` });
  const today = dayKey(Date.now());
  const parcel = computed(() => recordOf(id()));
  const kept = ref<Noted>(EMPTY);
  const saving = ref<"" | "saving" | "saved" | "waiting">("");
  const [fault, taken] = [ref(""), ref(0)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let isOver = false;
  watch(visit, (now) => {
    if (!now) return;
    kept.value = startOf(now, today);
    void takeInTheirs(now);
  });
  watch(isOnline, (online) => {
    if (online) void saveNow();
  });
  const noted = computed<Noted>(() => parcel.value ?? kept.value);
  const isOld = computed(() => Boolean(parcel.value && visit.value && parcel.value.version < visit.value.version && parcel.value.state !== "sending"));

  async function takeInTheirs(now: Visit): Promise<void> {
    const mine = parcel.value;
    if (!mine || isOver || mine.state === "sending") return; // what goes out is what was looked at when send was pressed
    prepare(mine);
    if (mine.version < now.version && isSaved(mine) && sameIn<Noted>(mine, notedOf(now), PARTS)) return discard(mine); // sent from another device
    const before = mine.base.version;
    const count = takeInDraft(mine, now.draft);
    if (count) taken.value = count;
    if (mine.problem?.code === "stale" && mine.base.version !== before) edited(mine); // put together: it can be sent again
    else save(mine);
  }

  function change(work: (parcel: VisitParcel) => void): VisitParcel | null {
    if (!visit.value) return null;
    const mine = recordFor(visit.value, today);
    work(mine);
    edited(mine);
    clearTimeout(timer);
    timer = setTimeout(() => void saveNow(), PAUSE);
    return mine;
  }

  const choose = (path: string, choice: "mine" | "theirs"): void => void change((mine) => settleIn<Noted>(mine, path, choice, PARTS));

  /** Save what is not on the server yet; joins the saving that is under way, and saves what came after it. */
  async function saveNow(): Promise<void> {
    clearTimeout(timer);
    if (running) await running;
    running = saveOnce().finally(() => (running = null));
    await running;
  }

  async function saveOnce(): Promise<void> {
    const mine = parcel.value;
    if (!mine?.base || isOver || mine.state === "sending" || mine.conflicts.length || isOld.value) return;
    if (!isOnline.value) return void (saving.value = "waiting");
    saving.value = "saving";
    const { problem: why } = await saveRecord(mine, { sendFile, removeFile, saveVisit, keep: save });
    fault.value = why && !why.isPassing && why.code !== "stale" ? why.message : "";
    saving.value = why ? (why.isPassing ? "waiting" : "") : "saved";
    if (why?.code !== "stale") return;
    const before = mine.base.version;
    await reload();
    if (mine.base.version !== before) timer = setTimeout(() => void saveNow(), PAUSE);
  }

  async function stop(): Promise<void> {
    isOver = true;
    clearTimeout(timer);
    await Promise.race([running, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  }

  /** Keep each on the phone, then name it where it belongs. */
  async function addPhotos(
    field: string, chosen: Chosen[], note: (parcel: VisitParcel, kept: KeptPhoto) => void, name?: string,
  ): Promise<void> {
    await addEach(chosen, async (each) => {
      const mine = change(() => undefined);
      const photo = mine && (name ? await keepFile(mine, each, { field, name }) : await addPhoto(mine, each, field));
      if (photo) change((now) => note(now, photo));
    });
  }

  /** What the record that was sent before names stays on the server: it may still be that which counts. */
  async function drop(key: string): Promise<void> {
    const isNamed = JSON.stringify([visit.value?.answers, visit.value?.findings, visit.value?.signatures]).includes(key);
    const isThere = parcel.value?.arrived.includes(key) || visit.value?.files.some((file) => file.id === key);
    if (isThere && !isNamed) change((mine) => void mine.removed.push(key));
    if (parcel.value?.photos.some((photo) => photo.key === key)) await removePhoto(parcel.value, key);
  }

  onHide(() => void saveNow());
  onUnload(() => void saveNow());
  onUnmounted(onSent(() => void reload()));
  return { visit, problem, load, parcel, noted, isOld, today, saving, fault, taken, choose, stop, change, addPhotos, drop };
}
