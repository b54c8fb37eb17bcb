/** The answer that a page works on: what the server has, what this phone has, and how the one gets to the other. */
import { onHide, onUnload } from "@dcloudio/uni-app";
import { computed, onUnmounted, ref, watch, type ComputedRef, type Ref } from "vue";

import { getTask, listFiles, removeFile, saveTask, sendFile } from "@/api/calls";
import type { Problem } from "@/api/problem";
import type { FileOut, Task } from "@/api/types";
import type { Content, ResponseParcel } from "@/kinds/response";
import { useLoaded } from "@/lib/loading";
import { responseFor, responseTo } from "@/outbox/begin";
import { discard, edited, isOnline, onSent, save } from "@/outbox/outbox";
import { keepTask, keyOf, noteOpened } from "@/tasks/shelf";
import { takeIn } from "@/tasks/merge";
import { isSaved, saveDraft } from "@/tasks/saving";

const PAUSE = 2000; // ms after the last change
const PATIENCE = 3000; // ms

export interface Desk {
  task: Ref<Task | null>;
  problem: Ref<Problem | null>;
  load: () => Promise<void>;
  reload: () => Promise<void>;
  parcel: ComputedRef<ResponseParcel | null>; // null until something is changed
  content: ComputedRef<Content>;
  files: Ref<FileOut[]>;
  saving: Ref<"" | "saving" | "saved" | "waiting">;
  fault: Ref<string>; // why the server does not keep it
  errors: Ref<Record<string, string>>; // what the server did not take, by path
  taken: Ref<number>; // parts that a colleague has changed, and that were taken over
  change: (work: (parcel: ResponseParcel) => void) => ResponseParcel | null;
  saveNow: () => Promise<void>;
  stop: () => Promise<void>; // the answer is sent as a whole now: no more saving, and the one under way may end
}

const EMPTY: Content = { answers: {}, skipped: {}, text: "" };

export function useDesk(id: () => string): Desk {
  const { item: task, problem, load, reload } = useLoaded(() => getTask(id()), { keyOf: () => keyOf(id()) });
  const files = ref<FileOut[]>([]);
  const saving = ref<"" | "saving" | "saved" | "waiting">("");
  const fault = ref("");
  const errors = ref<Record<string, string>>({});
  const taken = ref(0);
  const parcel = computed(() => responseTo(id()));
  const content = computed<Content>(() => parcel.value ?? task.value?.response ?? EMPTY);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let isOver = false;

  watch(task, (now) => {
    if (!now) return;
    noteOpened(now.id);
    takeInTheirs(now);
    void lookAtFiles();
  });
  watch(isOnline, (online) => {
    if (online) void saveNow();
  });

  function takeInTheirs(now: Task): void {
    const mine = parcel.value;
    if (!mine || isOver || mine.state === "sending") return; // what goes out is what was looked at when send was pressed
    const before = mine.base.version;
    const count = takeIn(mine, now.response);
    if (count) taken.value = count;
    if (mine.problem?.code === "stale" && mine.base.version !== before) edited(mine); // put together: it can be sent again
    else save(mine);
  }

  async function lookAtFiles(): Promise<void> {
    if (!task.value?.wants_reply) return;
    const found = await listFiles(id()).catch(() => null);
    if (found) files.value = found.items;
  }

  function change(work: (parcel: ResponseParcel) => void): ResponseParcel | null {
    if (!task.value) return null;
    const mine = responseFor(task.value);
    work(mine);
    edited(mine);
    clearTimeout(timer);
    timer = setTimeout(() => void saveNow(), PAUSE);
    return mine;
  }

  /** Save what is not on the server yet; joins the saving that is under way, and saves what came after it. */
  async function saveNow(): Promise<void> {
    clearTimeout(timer);
    if (running) await running;
    running = saveOnce().finally(() => (running = null));
    await running;
  }

  async function saveOnce(): Promise<void> {
    const mine = parcel.value;
    const now = task.value;
    if (!mine || !now || isOver || mine.state === "sending" || mine.conflicts.length) return;
    if (!isOnline.value) return void (saving.value = "waiting");
    saving.value = "saving";
    const { problem: why, errors: wrong, draft } = await saveDraft(mine, now.form, { sendFile, removeFile, saveTask, keep: save });
    errors.value = wrong;
    fault.value = why && !why.isPassing && why.code !== "stale" ? why.message : "";
    saving.value = why ? (why.isPassing ? "waiting" : "") : "saved";
    if (draft && task.value) {
      task.value.response = draft;
      keepTask(task.value);
    }
    if (why?.code !== "stale") return;
    const before = mine.base.version;
    await reload();
    if (mine.base.version !== before) timer = setTimeout(() => void saveNow(), PAUSE);
  }

  /** Left: what the server has need not stay on the phone, and is no draft of the home page. */
  async function leave(): Promise<void> {
    await saveNow();
    const mine = parcel.value;
    if (mine?.state === "editing" && !mine.problem && isSaved(mine, task.value?.form ?? null)) await discard(mine);
  }

  async function stop(): Promise<void> {
    isOver = true;
    clearTimeout(timer);
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    await Promise.race([running, patience]); // if it takes longer, sending recognises what was saved
  }

  onHide(() => void saveNow());
  onUnmounted(onSent(() => void reload()));
  onUnload(() => {
    clearTimeout(timer);
    if (!isOver) void leave();
  });

  return { task, problem, load, reload, parcel, content, files, saving, fault, errors, taken, change, saveNow, stop };
}
