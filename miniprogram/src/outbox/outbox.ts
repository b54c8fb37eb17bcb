/** The outbox: every parcel on this phone, stored on each change, sent by itself whenever there is a chance. */
import { computed, reactive } from "vue";

import { getTask, getVisit, putAnswer, putCheckIn, putHazard, putRecord, putReopening, putSuggestion, sendFile, sendPhoto, submitTask, withdraw } from "@/api/calls";
import { offline } from "@/api/problem";
import { canSignIn, session, tokenNow } from "@/api/session";
import { stopBytes } from "@/api/transport";
import type { Me, Summary } from "@/api/types";
import type { AnswerParcel } from "@/kinds/answer";
import type { HazardParcel } from "@/kinds/hazard";
import { isBlank, isOf, kindOf, type Parcel, type ParcelOf } from "@/kinds/index";
import { keysOf, originalOf, type KeptPhoto } from "@/kinds/parcel";
import type { ReopenParcel } from "@/kinds/reopen";
import type { SuggestionParcel } from "@/kinds/suggestion";
import { campaign } from "@/lib/campaign";
import { sha256Hex } from "@/lib/sha256";
import { stamp } from "@/lib/stamp";
import { midnightOf } from "@/lib/time";
import { uuid7 } from "@/lib/uuid7";
import { copied, keptOriginal } from "@/outbox/copies";
import { dropOriginals, keepOriginals, sendOriginals } from "@/outbox/originals";
import { pauseAfter } from "@/outbox/parcel";
import { contentOf, sendParcel, type Wires } from "@/outbox/sender";
import type { Chosen } from "@/platform/camera";
import { network, watchNetwork } from "@/platform/network";
import { forgetPhoto, keepPhoto, photoAddress } from "@/platform/photos";
import { forgetSent } from "@/platform/pieces";
import { lookAtRoom } from "@/platform/room";
import { withinLimit } from "@/platform/shrink";
import { signal } from "@/platform/signal";

const INDEX = "outbox.index";
const LARGEST_PHOTO = 20 * 1024 * 1024; // bytes, until the campaign has said
export const LAST_PLACE = "outbox.place";
const keyOf = (id: string): string => `outbox.${id}`;
const storedIds = (): string[] => (uni.getStorageSync(INDEX) as string[] | "") || [];
const stored = (id: string): Parcel | null => (uni.getStorageSync(keyOf(id)) as Parcel | "") || null;

const state = reactive<{ parcels: Parcel[] }>({ parcels: load() });
const listeners = new Set<(parcel: Parcel) => void>();

/** Of whoever is signed in: what another person left on this phone waits for that person, and goes out under no other name. */
const isMine = (parcel: Parcel): boolean => !parcel.owner || parcel.owner === session.me?.id;

export const parcels = computed(() => state.parcels.filter(isMine));

function load(): Parcel[] {
  return storedIds().map(stored).filter((parcel) => parcel !== null);
}

/** What another tab of the H5 page has put there stays. */
function saveIndex(): void {
  const here = state.parcels.map((parcel) => parcel.id);
  const elsewhere = storedIds().filter((id) => !here.includes(id) && stored(id) !== null);
  uni.setStorageSync(INDEX, [...here, ...elsewhere]);
}

const plain = <T extends Parcel>(parcel: T): T => JSON.parse(JSON.stringify(parcel)) as T;

/** Store a parcel as it is now. */
export function save(parcel: Parcel): void {
  uni.setStorageSync(keyOf(parcel.id), plain(parcel));
}

/** Give a parcel another id, the new one stored before the old one goes: the app may be killed in between. */
function move(parcel: Parcel, id: string): void {
  const old = parcel.id;
  parcel.id = id;
  save(parcel);
  uni.removeStorageSync(keyOf(old));
  saveIndex();
}

export function findParcel(id: string): Parcel | undefined {
  return state.parcels.find((parcel) => parcel.id === id);
}

/** The parcel with that id, if it is of that kind. */
export function findParcelOf<K extends Parcel["kind"]>(kind: K, id: string): ParcelOf<K> | null {
  const found = findParcel(id);
  return found && isOf(kind, found) ? found : null;
}

/** An id tells the millisecond it was made; that of an anonymous report must tell no more than the day. */
function newIdFor(parcel: Parcel): string {
  return uuid7(kindOf(parcel).hidesTime(parcel) ? midnightOf(Date.now()) : Date.now());
}

/** Whether the enterprise is not to see the name. The id changes with it: the old one tells the time, or no longer needs to hide it. */
export function setAnonymous(parcel: HazardParcel, isAnonymous: boolean): void {
  if (Boolean(parcel.isAnonymous) === isAnonymous) return;
  const wasSent = maybeSent(parcel);
  parcel.isAnonymous = isAnonymous;
  renew(parcel, wasSent);
  edited(parcel);
}

/** One more on this phone, as it will be found after a restart. */
export function add(parcel: Parcel): Parcel {
  parcel.owner = session.me?.id ?? "";
  state.parcels.unshift(parcel);
  save(parcel);
  saveIndex();
  return state.parcels[0] ?? parcel;
}

/** Keep a photo just chosen with its hash. Throws if the phone has no room for it. */
export async function addPhoto(parcel: Parcel, chosen: Chosen, field?: string): Promise<KeptPhoto | null> {
  const whole = await withinLimit(chosen, campaign.now?.photos.max_bytes ?? LARGEST_PHOTO);
  const small = await copied(whole);
  if (field !== undefined || kindOf(parcel).photosFirst) return keepFile(parcel, small?.copy ?? whole, { field }); // their originals are not asked for
  return small ? keepFile(parcel, small.copy, { shot: small.shot }, whole) : keepFile(parcel, whole, {});
}

/** The same of any file, as it is; null if it was chosen before. The copy of a `whole` photo comes first: what is left of the room is its. */
export async function keepFile(parcel: Parcel, chosen: Chosen, about: Partial<KeptPhoto>, whole?: Chosen): Promise<KeptPhoto | null> {
  const key = uuid7() + (about.video ? ".mp4" : ""); // phones play a file by its name
  const content = await keepInRoom(key, chosen.source);
  const photo: KeptPhoto = { key, sha256: await sha256Hex(content), size: content.byteLength, ...about };
  if (parcel.photos.some((known) => (known.drawn?.clean ?? known).sha256 === photo.sha256 && known.field === photo.field)) {
    await forgetPhoto(key); // the same picture chosen twice
    return null;
  }
  if (whole) photo.original = await keptOriginal(whole);
  parcel.photos.push(photo);
  edited(parcel);
  void lookAtRoom();
  return photo;
}

/** Where the phone has no room, the originals that only wait to follow make some. */
export async function keepInRoom(key: string, source: Chosen["source"]): Promise<ArrayBuffer> {
  try {
    return await keepPhoto(key, source);
  } catch (thrown) {
    if (!(await dropOriginals())) throw thrown;
    return keepPhoto(key, source);
  }
}

export async function removePhoto(parcel: Parcel, key: string): Promise<void> {
  const removed = parcel.photos.find((photo) => photo.key === key);
  parcel.photos = parcel.photos.filter((photo) => photo.key !== key);
  edited(parcel);
  forgetSent(key);
  for (const each of removed ? keysOf(removed) : []) await forgetPhoto(each);
}

/** The server may know its id: it was declared, or is being declared just now. */
const maybeSent = (parcel: Parcel): boolean => parcel.declared || parcel.state === "sending";

/** The worker changed a draft: if the server may have seen it already, it becomes a new submission. */
export function edited(parcel: Parcel): void {
  if (maybeSent(parcel)) renew(parcel, true);
  Object.assign(parcel, { state: "editing", problem: null, isPaused: false });
  save(parcel);
  if (!state.parcels.includes(parcel)) adopt(parcel);
}

/** The worker looks at it again, to change it: the rest goes out when send is pressed again. What has arrived meanwhile stays there. */
export function hold(parcel: Parcel): void {
  if (parcel.state !== "sending" || !state.parcels.includes(parcel)) return;
  stopBytes();
  edited(parcel);
}

/** It arrived while its page was still open, and was changed there: another one now, with what this phone still has. */
function adopt(parcel: Parcel): void {
  parcel.photos = parcel.photos.filter((photo) => !forgotten.has(photo.key));
  state.parcels.unshift(parcel);
  renew(parcel, false);
}

function renew(parcel: Parcel, wasSent: boolean): void {
  if (wasSent && kindOf(parcel).isSubmission) parcel.replaces = [...(parcel.replaces ?? []), parcel.id];
  Object.assign(parcel, { declared: false, arrived: kindOf(parcel).photosFirst ? parcel.arrived : [], state: "editing" });
  move(parcel, newIdFor(parcel));
}

/** The worker does not want it any more. */
export async function abandon(parcel: Parcel): Promise<void> {
  const known = [...(parcel.replaces ?? []), ...(kindOf(parcel).isSubmission && maybeSent(parcel) ? [parcel.id] : [])];
  for (const id of known) void withdraw(id).catch(() => undefined);
  await discard(parcel);
}

/** The worker leaves its page: a draft without a word, or with nothing but what has arrived already, is not kept. */
export function leave(parcel: AnswerParcel | ReopenParcel | SuggestionParcel): void {
  if (parcel.state === "editing" && (isBlank(parcel) || parcel.delivered === contentOf(parcel))) void discard(parcel, { hasArrived: Boolean(parcel.delivered) });
}

/** The worker pressed send. */
export function submit(parcel: Parcel): void {
  if (parcel.delivered === contentOf(parcel)) return void discard(parcel, { hasArrived: true });
  parcel.state = "sending";
  parcel.isPaused = false;
  parcel.attempts = 0;
  parcel.nextTryAt = 0;
  parcel.problem = null;
  const place = kindOf(parcel).place(parcel);
  if (place) uni.setStorageSync(LAST_PLACE, { enterpriseId: place.enterpriseId, text: place.text });
  save(parcel);
  void flush();
}

const forgotten = new Set<string>(); // keys of photos that this phone has no more

/** Remove it from this phone; of what has arrived, the originals stay to follow. */
export async function discard(parcel: Parcel, { hasArrived = false } = {}): Promise<void> {
  state.parcels = state.parcels.filter((known) => known.id !== parcel.id);
  uni.removeStorageSync(keyOf(parcel.id));
  saveIndex();
  for (const photo of parcel.photos) {
    forgotten.add(photo.key);
    forgetSent(photo.key);
    const follows = hasArrived ? originalOf(photo)?.key : undefined;
    for (const key of keysOf(photo).filter((each) => each !== follows)) await forgetPhoto(key).catch(() => undefined);
  }
  if (hasArrived) await keepOriginals(parcel.photos, parcel.owner);
}

/** The worker holds it back, or lets it go on. */
export function pause(parcel: Parcel, isPaused: boolean): void {
  parcel.isPaused = isPaused;
  save(parcel);
  if (isPaused) stopBytes();
  else void flush(true);
}

/** The worker wants its video sent on a paid line too. */
export function goByAnyLine(parcel: Parcel): void {
  parcel.byAnyLine = true;
  save(parcel);
  void flush(true);
}

/** The worker does not want it sent: what is filled in at a desk is a draft again, all else goes. */
export async function cancel(parcel: Parcel): Promise<void> {
  if (kindOf(parcel).photosFirst) return hold(parcel);
  stopBytes();
  await abandon(parcel);
}

/** Hear of parcels that have arrived whole. Returns how to stop hearing. */
export function onSent(listener: (parcel: Parcel) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const showPhoto = photoAddress;

/** What sending changes; what the worker wrote is left alone. */
function takeOver(parcel: Parcel, sent: Parcel): void {
  const { declared, arrived, attempts, nextTryAt, problem, replaces, delivered, state: now } = sent;
  Object.assign(parcel, { declared, arrived: [...arrived], attempts, nextTryAt, problem, replaces, delivered, state: now });
  Object.assign(parcel, kindOf(sent).learned(sent));
  if (parcel.id === sent.id) save(parcel);
  else move(parcel, sent.id);
}

/** All that is to stand on its photos stands on them: by a part of the app that is loaded when somebody draws. False if it must not go yet. */
async function areDrawn(parcel: Parcel): Promise<boolean> {
  if (parcel.declared || !(stamp.isOn || parcel.photos.some(({ marks, drawn }) => marks ?? drawn))) return true;
  try {
    await (await import("@/outbox/drawn")).drawAll(parcel);
    return isDue(parcel);
  } catch {
    const problem = { code: "not_drawn", message: "照片上画的还没存好，先不发；会自动再试。" };
    Object.assign(parcel, { problem, attempts: parcel.attempts + 1, nextTryAt: Date.now() + pauseAfter(parcel.attempts + 1) });
    save(parcel);
    return false;
  }
}

/** Send it as it is now. What the worker changes meanwhile is another version, and stays whatever becomes of this one. */
async function sendVersion(parcel: Parcel): Promise<void> {
  if (!(await areDrawn(parcel))) return;
  const version = plain(parcel);
  const content = contentOf(version);
  let id = version.id;
  const isCurrent = (): boolean =>
    parcel.state === "sending" && parcel.id === id && contentOf(parcel) === content && state.parcels.includes(parcel);
  const goesOn = (): boolean => isCurrent() && !parcel.isPaused; // what has been done is noted in a pause too
  const wires: Wires = {
    putHazard, putAnswer, putReopening, putSuggestion, putCheckIn, getTask, submitTask, getVisit, putRecord, withdraw, isCurrent,
    sendPhoto: async (target, photo, position) => {
      if (!goesOn()) throw offline();
      return sendPhoto(target, photo, position, goesOn);
    },
    sendFile: async (target, file, subject) => {
      if (!goesOn()) throw offline();
      return sendFile(target, file, subject, goesOn);
    },
    save: (sent) => {
      if (isCurrent()) takeOver(parcel, sent);
      if (parcel.id === sent.id) id = sent.id;
    },
    mayGo: ({ video }) => !video || !signal.isThrifty || network.wifi || Boolean(parcel.byAnyLine),
    now: () => Date.now(),
    newId: newIdFor,
  };
  const outcome = await sendParcel(version, wires);
  if (outcome === "sent") listeners.forEach((listener) => listener(version));
  if (outcome === "sent" && isCurrent()) return discard(parcel, { hasArrived: true });
  if (!state.parcels.includes(parcel)) return; // abandoned meanwhile
  if (parcel.state === "sending" && parcel.id === id && contentOf(parcel) !== content) edited(parcel);
  if (outcome === "sent") noteDelivered(parcel, content);
}

/** An earlier version arrived whole after the worker had begun to change it. */
function noteDelivered(parcel: Parcel, content: string): void {
  parcel.delivered = content;
  if (parcel.state === "editing") parcel.problem = { code: "earlier_arrived", message: "改之前的已经送到了。改过的还在这里，要用就再提交一次。" };
  save(parcel);
}

/** Whether an item of a list is shown by the parcel that is still here: itself, or the version that takes its place. */
export function isHere(item: Summary): boolean {
  return parcels.value.some(
    ({ id, replaces }) => id === item.id || (item.status === "incomplete" && Boolean(replaces?.includes(item.id))));
}

const isDue = (parcel: Parcel): boolean => parcel.state === "sending" && !parcel.isPaused;

let flushing = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Send what is due, one parcel after the other; plan the next try. `hurry`: a new chance came, do not wait. */
export async function flush(hurry = false): Promise<void> {
  if (flushing || !canSignIn()) return;
  flushing = true;
  try {
    for (const parcel of parcels.value.filter(isDue)) {
      if (!isMine(parcel)) continue; // somebody else has signed in meanwhile
      if (!parcel.owner) await tokenNow().catch(() => undefined); // whose it is may say where it is
      if (!parcel.owner && session.me) own(parcel, session.me);
      if (!hurry && parcel.nextTryAt > Date.now()) continue;
      await sendVersion(parcel);
    }
  } finally {
    flushing = false;
    plan();
    void sendOriginals();
  }
}

function own(parcel: Parcel, me: Me): void {
  parcel.owner = me.id;
  kindOf(parcel).owned(parcel, me);
}

function plan(): void {
  clearTimeout(timer);
  const waiting = parcels.value.filter(isDue);
  if (waiting.length === 0) return;
  const next = Math.min(...waiting.map((parcel) => parcel.nextTryAt));
  timer = setTimeout(() => void flush(), Math.max(500, next - Date.now()));
}

/** Once, when the app starts. */
export function startOutbox(): void {
  watchNetwork(() => void flush(true));
  void flush(true);
  void lookAtRoom();
}

export const isOnline = computed(() => network.online);
