/** Playing a paper: each tap is stored, then sent, and sent again until it arrives; the server's word settles everything else. */
import { reactive } from "vue";

import { asProblem, type Problem } from "@/api/problem";
import { fromMoments, fromSeconds, secondsLeft, steadyNow, type Countdown } from "@/quiz/countdown";
import { doorOf } from "@/quiz/doors";
import { arrived, isOver, merge, tap, unsentAnswers, type Keeping, type Kind, type Paper, type Sheet } from "@/quiz/sheet";
import { drop, isStale, keep, keptSheet, keptSheets, me } from "@/quiz/shelf";

const RETRY = 4_000; // ms between tries while the signal is away
const HOPELESS = ["attempt_over", "attempt_not_found", "unknown_option", "unknown_question"]; // it is graded as it arrived in time

interface Play {
  sheet: Sheet | null; // of the attempt on the screen
  countdown: Countdown | null; // null while only the kept sheet is known: the time left is the server's to say
  keeping: Keeping;
  problem: Problem | null; // why the last call failed
  graded: string | null; // the attempt that has a result now
}

export const play = reactive<Play>({ sheet: null, countdown: null, keeping: "saved", problem: null, graded: null });

let taps = 0; // grows whenever an answer is given or arrives: what the server said before that is old
let background: Promise<void> | null = null;
let sending: Promise<void> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Put an attempt on the screen: at once what the phone has of it, then what the server says. */
export async function openAttempt(id: string, kind: Kind = "quiz"): Promise<void> {
  if (play.sheet?.attempt.id !== id) {
    const sheet = keptSheet(id);
    Object.assign(play, { sheet, countdown: null, problem: null, graded: null, keeping: sheet?.unsent.length ? "kept" : "saved" });
  }
  await refresh(id, kind);
  await sendAll();
}

/** Ask the server how the attempt stands. */
export async function refresh(id: string, kind: Kind = "quiz"): Promise<void> {
  try {
    let before;
    let attempt;
    do {
      await sending;
      before = taps;
      attempt = await doorOf(kind).get(id);
    } while (before !== taps);
    show(attempt, kind);
  } catch (thrown) {
    fail(id, asProblem(thrown));
  }
}

function show(attempt: Paper, kind: Kind): void {
  if (attempt.status === "graded") return finish(attempt.id);
  const sheet = merge(play.sheet ?? keptSheet(attempt.id), attempt, me(), kind);
  if (isOver(attempt)) sheet.isHandingIn = true;
  if (play.sheet) Object.assign(play.sheet, sheet);
  else play.sheet = sheet;
  play.countdown = fromMoments(attempt.now, attempt.deadline_at, steadyNow());
  play.problem = null;
  note(sheet);
  if (sheet.isHandingIn) void sendAll();
}

function finish(id: string): void {
  drop(id);
  if (play.sheet?.attempt.id === id) play.sheet = null;
  play.graded = id;
}

/** What cannot succeed later ends the attempt on this phone; everything else is tried again. */
function fail(id: string, problem: Problem): void {
  play.problem = problem;
  if (problem.code === "attempt_not_found") {
    drop(id);
    play.sheet = null;
  } else if (play.sheet) {
    if (play.sheet.unsent.length && play.keeping !== "unkept") play.keeping = "kept";
    clearTimeout(timer);
    if (problem.isPassing) timer = setTimeout(() => void sendAll(), RETRY);
  }
}

/** Store the sheet, and say how safe it is. */
function note(sheet: Sheet): void {
  const isKept = keep(sheet);
  if (sheet.unsent.length === 0) play.keeping = "saved";
  else if (!isKept) play.keeping = "unkept";
  else if (play.keeping !== "kept") play.keeping = "saving";
}

/** The worker tapped an option: stored first, then sent. */
export function answer(position: number, option: number): Promise<void> {
  const { sheet } = play;
  if (!sheet || sheet.isHandingIn) return Promise.resolve();
  taps += 1;
  tap(sheet, position, option);
  note(sheet);
  return sendAll();
}

/** Hand in; what has not been saved yet goes along. Without signal it is kept, and handed in when the signal returns. */
export async function handIn(): Promise<void> {
  const { sheet } = play;
  if (!sheet) return;
  sheet.isHandingIn = true;
  keep(sheet);
  await sending; // a round that began before
  await sendAll();
}

/** Send what the server does not have yet, one round at a time. */
export function sendAll(): Promise<void> {
  sending ??= Promise.resolve(background)
    .then(sendRound)
    .finally(() => {
      sending = null;
    });
  return sending;
}

async function sendRound(): Promise<void> {
  clearTimeout(timer);
  const { sheet } = play;
  if (!sheet || sheet.owner !== me()) return;
  const { id } = sheet.attempt;
  try {
    while (play.sheet === sheet && sheet.unsent.length && !sheet.isHandingIn) await sendOne(sheet, sheet.unsent[0] as number);
    if (play.sheet !== sheet || !sheet.isHandingIn) return;
    await doorOf(sheet.kind).submit(id, unsentAnswers(sheet));
    finish(id);
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.code === "attempt_over") timer = setTimeout(() => void handIn(), 0); // it is graded as it arrived in time
    else fail(id, problem);
  }
}

async function sendOne(sheet: Sheet, position: number): Promise<void> {
  const sent = [...(sheet.chosen[position] ?? [])];
  const { seconds_left: seconds } = await doorOf(sheet.kind).save(sheet.attempt.id, position, sent);
  taps += 1;
  arrived(sheet, position, sent);
  if (play.sheet !== sheet) return void keep(sheet);
  play.problem = null;
  play.countdown = fromSeconds(seconds, steadyNow());
  note(sheet);
}

/** Seconds left, null while the server has not said. */
export const timeLeft = (): number | null => (play.countdown ? secondsLeft(play.countdown, steadyNow()) : null);

let asking = false;

/** By the phone's count the time is up. The server decides: it may have counted less. */
export async function timeIsUp(): Promise<void> {
  const id = play.sheet?.attempt.id;
  if (!id || asking || play.sheet?.isHandingIn) return;
  asking = true;
  await refresh(id, play.sheet?.kind);
  setTimeout(() => (asking = false), RETRY);
}

/** The page was left: `sendKept` sees to what is unsent. */
export function leave(): void {
  clearTimeout(timer);
  Object.assign(play, { sheet: null, countdown: null, problem: null, graded: null });
}

/** Send what waits on this phone, whichever page is open. */
export function sendKept(): Promise<void> {
  if (play.sheet) return sendAll();
  background ??= sendSheets().finally(() => {
    background = null;
  });
  return background;
}

async function sendSheets(): Promise<void> {
  for (const sheet of keptSheets()) {
    const { id } = sheet.attempt;
    if (isStale(sheet)) drop(id);
    if (play.sheet || (sheet.unsent.length === 0 && !sheet.isHandingIn)) continue;
    try {
      await sendKeptSheet(sheet);
    } catch (thrown) {
      if (HOPELESS.includes(asProblem(thrown).code)) drop(id);
    }
  }
}

async function sendKeptSheet(sheet: Sheet): Promise<void> {
  const { id } = sheet.attempt;
  if (sheet.isHandingIn) {
    await doorOf(sheet.kind).submit(id, unsentAnswers(sheet));
    return drop(id);
  }
  for (const { position, chosen } of unsentAnswers(sheet)) {
    await doorOf(sheet.kind).save(id, position, chosen);
    arrived(sheet, position, chosen);
    if (!play.sheet) keep(sheet);
  }
}
