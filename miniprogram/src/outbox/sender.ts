/** Sends one parcel as far as it gets. Pure of any platform: what it needs is handed in, so that it can be tested. */
import { asProblem, Problem } from "@/api/problem";
import type { Submission } from "@/api/types";
import { kindOf, type Parcel } from "@/kinds/index";
import type { Declaring, Sending } from "@/kinds/kind";
import type { KeptPhoto } from "@/kinds/parcel";
import { pauseAfter, WAITS_FOR_WIFI } from "@/outbox/parcel";

export interface Wires extends Declaring, Sending {
  withdraw(id: string): Promise<unknown>;
  mayGo(photo: KeptPhoto): boolean; // on the line that there is
  isCurrent(): boolean; // whether the worker still wants just this sent
  save(parcel: Parcel): void; // after each step that must survive the app being killed
  now(): number;
  newId(parcel: Parcel): string;
}

/**
 * `sent`: the server has everything; `waiting`: it will be tried again by itself; `refused`: the worker has to look;
 * `overtaken`: the worker has changed it meanwhile, and the rest of this version was not sent.
 */
export type Outcome = "sent" | "waiting" | "refused" | "overtaken";

class Overtaken extends Error {}

/** All that the server would be told of it: two versions that say the same are the same. */
export const contentOf = (parcel: Parcel): string => JSON.stringify(kindOf(parcel).body(parcel));

/**
 * Take earlier versions back, declare, then send photo after photo, keeping score after each; of some kinds the photos go
 * first. Never throws; the parcel says how it stands.
 */
export async function sendParcel(parcel: Parcel, wires: Wires): Promise<Outcome> {
  try {
    await takeBackReplaced(parcel, wires);
    const { photosFirst } = kindOf(parcel);
    if (photosFirst) await sendPhotos(parcel, wires);
    await declare(parcel, wires);
    if (!photosFirst) await sendPhotos(parcel, wires);
    return "sent";
  } catch (thrown) {
    return thrown instanceof Overtaken ? "overtaken" : settle(parcel, asProblem(thrown), wires);
  }
}

/** Before each step. */
function checkCurrent(wires: Wires): void {
  if (!wires.isCurrent()) throw new Overtaken();
}

/** Only when the new version goes out: until then the union has the old one, should the worker never send again. */
async function takeBackReplaced(parcel: Parcel, wires: Wires): Promise<void> {
  while (parcel.replaces?.length) {
    checkCurrent(wires);
    if (parcel.delivered !== undefined) {
      parcel.delivered = undefined; // before it is taken back: whoever changes it meanwhile would find it there no more
      wires.save(parcel);
    }
    await wires.withdraw(parcel.replaces[0] as string).catch((thrown) => {
      const problem = asProblem(thrown);
      if (problem.isPassing || problem.status === 401) throw problem;
    }); // unknown to the server or decided already: nothing to take back
    parcel.replaces = parcel.replaces.slice(1);
    progress(parcel, wires);
  }
}

async function declare(parcel: Parcel, wires: Wires): Promise<void> {
  if (parcel.declared) return;
  checkCurrent(wires);
  const submission = await kindOf(parcel).declare(parcel, wires);
  if (submission) noteArrived(parcel, submission);
  parcel.declared = true;
  progress(parcel, wires);
}

/** What the server has already (the parcel was sent before, and the phone did not hear of it). */
function noteArrived(parcel: Parcel, submission: Submission): void {
  kindOf(parcel).learn(parcel, submission);
  const here = submission.photos.filter((photo) => photo.state !== "awaited");
  parcel.arrived = parcel.photos
    .filter((photo, index) =>
      here.some((known) => known.sha256 === photo.sha256 && known.position === positionOf(parcel, index)))
    .map((photo) => photo.key);
}

const positionOf = (parcel: Parcel, index: number): number => kindOf(parcel).firstPosition(parcel) + index;

/** A video goes last: what is small is there when the line breaks. */
async function sendPhotos(parcel: Parcel, wires: Wires): Promise<void> {
  const order = [...parcel.photos.entries()].sort(([, one], [, other]) => Number(Boolean(one.video)) - Number(Boolean(other.video)));
  for (const [index, photo] of order) {
    if (parcel.arrived.includes(photo.key)) continue;
    checkCurrent(wires);
    if (!wires.mayGo(photo)) throw new Problem(0, WAITS_FOR_WIFI, "省流量开着，视频等连上 Wi‑Fi 再发。");
    await kindOf(parcel).sendPhoto(parcel, photo, positionOf(parcel, index), wires);
    parcel.arrived.push(photo.key);
    progress(parcel, wires);
  }
}

function progress(parcel: Parcel, wires: Wires): void {
  parcel.attempts = 0;
  parcel.problem = null;
  wires.save(parcel);
}

function settle(parcel: Parcel, problem: Problem, wires: Wires): Outcome {
  if (!wires.isCurrent()) return "overtaken";
  if (problem.isPassing || problem.status === 401) return wait(parcel, problem, wires);
  if (problem.status === 404 && parcel.declared && kindOf(parcel).isSweptAway) {
    parcel.declared = false; // it took too long and was swept away: declare it anew
    parcel.arrived = [];
    return wait(parcel, problem, wires);
  }
  if (problem.code === "content_differs" && !parcel.declared) {
    if (kindOf(parcel).isSubmission) parcel.replaces = [...(parcel.replaces ?? []), parcel.id];
    parcel.id = wires.newId(parcel); // the id was used for an earlier version of this draft: send it as a new one
    return wait(parcel, problem, wires);
  }
  parcel.state = "refused";
  parcel.problem = { code: problem.code, message: problem.message };
  wires.save(parcel);
  return "refused";
}

function wait(parcel: Parcel, problem: Problem, wires: Wires): Outcome {
  parcel.attempts += 1;
  parcel.nextTryAt = wires.now() + pauseAfter(parcel.attempts);
  parcel.problem = { code: problem.code, message: problem.message };
  wires.save(parcel);
  return "waiting";
}
