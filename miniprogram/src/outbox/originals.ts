/**
 * Originals of photos that went out as smaller copies: kept on the phone when their report has arrived, sent on Wi-Fi by themselves, or when
 * a union asks for one. The service says which it still waits for; what it does not name any more has come, or is not wanted.
 */
import { listOriginals, sendOriginal } from "@/api/calls";
import { asProblem } from "@/api/problem";
import { canSignIn, session } from "@/api/session";
import type { Original } from "@/api/types";
import { originalOf, type KeptPhoto } from "@/kinds/parcel";
import { network } from "@/platform/network";
import { forgetPhoto } from "@/platform/photos";
import { forgetSent, uploadIdOf } from "@/platform/pieces";
import { signal } from "@/platform/signal";

const STORE = "outbox.originals";
const DAY = 24 * 3600 * 1000;
const LONGEST = 30 * DAY; // on the phone
const SETTLING = DAY; // in which a report whose photos have just arrived may not be named yet
const MOST = 40; // on one phone: the oldest go first

interface Waiting {
  key: string; // under which platform/photos keeps it
  copy: string; // SHA-256 of what went out in its place
  size?: number; // absent in those that an earlier version kept: they go at once
  owner: string;
  since: number; // ms since 1970
}

const load = (): Waiting[] => (uni.getStorageSync(STORE) as Waiting[] | "") || [];
const store = (waiting: Waiting[]): void => uni.setStorageSync(STORE, waiting);

/** A report has arrived: its originals stay, to follow. */
export async function keepOriginals(photos: KeptPhoto[], owner: string): Promise<void> {
  const added = photos.flatMap((photo) => {
    const original = originalOf(photo);
    return original ? [{ key: original.key, size: original.size, copy: photo.sha256, owner, since: Date.now() }] : [];
  });
  if (!added.length) return;
  const all = [...load(), ...added];
  store(all.slice(-MOST));
  for (const { key } of all.slice(0, -MOST)) await forgetPhoto(key).catch(() => undefined);
}

/** The phone has no room for what is to go out: those whose report has arrived make some. Returns how many went. */
export async function dropOriginals(): Promise<number> {
  const waiting = load();
  store([]);
  for (const { key } of waiting) await forgetPhoto(key).catch(() => undefined);
  return waiting.length;
}

async function forget(one: Waiting): Promise<void> {
  store(load().filter(({ key }) => key !== one.key));
  forgetSent(one.key);
  await forgetPhoto(one.key).catch(() => undefined);
}

/** On Wi-Fi all may go; on a paid line those that a union asked for, unless the worker saves data. None, if the worker says so. */
const mayGo = (asked: Original): boolean => !signal.withoutOriginals && (network.wifi || (asked.is_wanted && !signal.isThrifty));

let sending = false;

/** Send what may go now. Never throws: what does not go now goes the next time. */
export async function sendOriginals(): Promise<void> {
  const mine = load().filter(({ owner }) => owner === session.me?.id);
  if (sending || !mine.length || !canSignIn() || !network.online) return;
  sending = true;
  try {
    const { items } = await listOriginals();
    for (const one of mine) {
      const asked = items.find(({ sha256 }) => sha256 === one.copy);
      if (asked && mayGo(asked)) await send(one, asked);
      else if (Date.now() - one.since > (asked ? LONGEST : SETTLING)) await forget(one);
    }
  } catch {
    // no signal, or nobody signed in
  } finally {
    sending = false;
  }
}

async function send(one: Waiting, asked: Original): Promise<void> {
  try {
    const upload = { key: one.key, size: one.size ?? 0, id: uploadIdOf(one.copy.slice(32)) }; // the copy's own pieces go under the other half
    await sendOriginal(asked.photo_id, upload, () => network.online && mayGo(asked));
  } catch (thrown) {
    const problem = asProblem(thrown);
    if (problem.isPassing || problem.status === 401) throw problem;
  } // refused, or gone from the phone: it will not be taken the next time either
  await forget(one);
}
