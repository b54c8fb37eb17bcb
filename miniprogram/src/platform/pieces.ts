/**
 * A kept file on its way: whole, or in pieces, each of which counts once it was answered: a cut costs no more than the piece under way, also
 * when the app is killed. Pieces grow on a good line and shrink on a bad one, so that a photo arrives at a kilobit a second too. As each
 * request costs a slow line seconds, a photo's copy goes whole first, and in pieces once that did not get through.
 */
import { reactive } from "vue";

import { asProblem, offline } from "@/api/problem";

const AT_ONCE = 640_000; // bytes: what is no larger goes in one request, as the copies of photos are
const SMALLEST = 8 * 1024;
const LARGEST = 512 * 1024;
const USUAL = LARGEST / 4;
const SLOW = 8000; // ms for one: the next is half as large
const QUICK = SLOW / 2; // the next may be twice as large: also where each request waits two seconds

const STORE = "outbox.sent";

/**
 * How many bytes of each kept file have arrived, by its key; of those alone that are under way. Kept, so that a new start goes on there; of one
 * that goes whole, what has left the phone, and none is kept.
 */
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

let length = USUAL; // of a piece: what the line last took well

export interface Doors<A> {
  whole(gone: (bytes: number) => void): Promise<A>; // `gone`: so many have left the phone
  join(): Promise<A>; // the pieces are all there
}

/** Send a kept file. Throws Problem; what did not get through whole goes in pieces the next time, and then on from where it ended. */
export function deliver<A>(upload: Upload, line: Line, { whole, join }: Doors<A>): Promise<A> {
  const { key, size } = upload;
  const goesWhole = !size || (size <= AT_ONCE && length >= USUAL && !(key in sent)); // without a size: an earlier version kept it
  return goesWhole ? sendWhole(upload, line, whole) : sendPieces(upload, line, join);
}

async function sendWhole<A>({ key, size }: Upload, line: Line, whole: Doors<A>["whole"]): Promise<A> {
  note(key, 0); // before: an app that is killed meanwhile goes on in pieces
  try {
    const answer = await whole((bytes) => void (key in sent && (sent[key] = Math.min(bytes, size))));
    note(key, undefined);
    return answer;
  } catch (thrown) {
    const isCut = asProblem(thrown).status === 0 && line.isWanted();
    note(key, isCut ? 0 : undefined); // a server in trouble may be asked the same again: many pieces would be worse for it
    if (isCut) length = Math.max(SMALLEST, Math.min(USUAL, length, size) / 2);
    throw thrown;
  }
}

/** Send what is not there yet of a file, then say that it is whole. */
async function sendPieces<A>({ key, size, id }: Upload, line: Line, join: Doors<A>["join"]): Promise<A> {
  let idle = 0; // answers in a row that brought nothing
  for (let offset = sent[key] ?? 0; offset < size;) {
    if (!line.isWanted() || idle > 2) throw offline();
    const piece = await line.read(key, offset, Math.min(length, size - offset));
    const began = line.now();
    const { received } = await line.put(id, offset, piece).catch((thrown) => {
      if (line.isWanted()) length = Math.max(SMALLEST, Math.min(length, piece.byteLength) / 2);
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
