/**
 * A kept file on its way in pieces, each of which counts once it was answered: a cut costs no more than the piece under way, also when the app
 * is killed. Pieces grow on a good line and shrink on a bad one, so that a photo arrives at a kilobit a second too.
 */
import { reactive } from "vue";

import { asProblem, offline } from "@/api/problem";

export const AT_ONCE = 200_000; // bytes: what is no larger goes in one request
const SMALLEST = 8 * 1024;
const LARGEST = 512 * 1024;
const QUICK = 2000; // ms for one: the next may be twice as large
const SLOW = 8000;

const STORE = "outbox.sent";

/** How many bytes of each kept file have arrived, by its key; of those alone that are under way. Kept, so that a new start goes on there. */
export const sent = reactive<Record<string, number>>((uni.getStorageSync(STORE) as Record<string, number> | "") || {});

function note(key: string, bytes: number | undefined): void {
  if (bytes === undefined) delete sent[key];
  else sent[key] = bytes;
  uni.setStorageSync(STORE, { ...sent });
}

/** It is not to be sent any more. */
export function forgetSent(key: string): void {
  if (key in sent) note(key, undefined);
}

/** The id under which a file's pieces are sent, out of a hash: the same in whatever life of the app, and it tells no time. */
export const uploadIdOf = (hash: string): string => hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

export interface Upload {
  key: string; // under which the phone keeps the file
  size: number;
  id: string;
}

export interface Line {
  read(key: string, offset: number, length: number): Promise<ArrayBuffer>;
  put(id: string, offset: number, piece: ArrayBuffer): Promise<{ received: number }>;
  isWanted(): boolean; // whether the rest is still to go
  now(): number;
}

let length = LARGEST / 4; // of a piece: what the line last took well

/** Send what is not there yet of a file, then say that it is whole. Throws Problem; the next try goes on where this one ended. */
export async function sendPieces<A>({ key, size, id }: Upload, line: Line, join: () => Promise<A>): Promise<A> {
  let idle = 0; // answers in a row that brought nothing
  for (let offset = sent[key] ?? 0; offset < size;) {
    if (!line.isWanted() || idle > 2) throw offline();
    const piece = await line.read(key, offset, Math.min(length, size - offset));
    const began = line.now();
    const { received } = await line.put(id, offset, piece).catch((thrown) => {
      length = Math.max(SMALLEST, Math.min(length, piece.byteLength) / 2);
      throw thrown;
    });
    const took = line.now() - began;
    if (took < QUICK) length = Math.min(LARGEST, length * 2);
    else if (took > SLOW) length = Math.max(SMALLEST, length / 2);
    idle = received > offset ? 0 : idle + 1;
    offset = Math.min(received, size);
    note(key, offset);
  }
  try {
    const answer = await join();
    note(key, undefined);
    return answer;
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.isPassing || problem.status === 401) throw problem;
    note(key, undefined);
    throw problem.code === "upload_incomplete" ? offline() : problem; // what the service had was swept: once more from the beginning
  }
}
