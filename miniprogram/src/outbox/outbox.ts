/** The outbox: every parcel on this phone, stored on each change, sent by itself whenever there is a chance. */
import { computed, reactive } from "vue";

import { putAnswer, putHazard, putReopening, putSuggestion, sendPhoto, withdraw } from "@/api/calls";
import { canSignIn, session } from "@/api/session";
import type { ChatDraft } from "@/api/types";
import { campaign } from "@/lib/campaign";
import { sha256Hex } from "@/lib/sha256";
import { midnightOf } from "@/lib/time";
import { uuid7 } from "@/lib/uuid7";
import {
  newAnswer, newHazard, newReopening, newSuggestion, type HazardParcel, type KeptPhoto, type Parcel, type Place, type ReopenParcel,
  type SuggestionParcel,
} from "@/outbox/parcel";
import { sendParcel, type Wires } from "@/outbox/sender";
import type { Chosen } from "@/platform/camera";
import { network, watchNetwork } from "@/platform/network";
import { forgetPhoto, keepPhoto, photoAddress } from "@/platform/photos";
import { withinLimit } from "@/platform/shrink";

const INDEX = "outbox.index";
const LARGEST_PHOTO = 20 * 1024 * 1024; // bytes, until the campaign has said
const LAST_PLACE = "outbox.place";
const keyOf = (id: string): string => `outbox.${id}`;

const state = reactive<{ parcels: Parcel[] }>({ parcels: load() });
const listeners = new Set<(parcel: Parcel) => void>();

/** Of whoever is signed in: what another person left on this phone waits for that person, and goes out under no other name. */
const isMine = (parcel: Parcel): boolean => !parcel.owner || parcel.owner === session.me?.id;

export const parcels = computed(() => state.parcels.filter(isMine));

function load(): Parcel[] {
  const ids = (uni.getStorageSync(INDEX) as string[] | "") || [];
  return ids.map((id) => uni.getStorageSync(keyOf(id)) as Parcel | "").filter((parcel): parcel is Parcel => Boolean(parcel));
}

function saveIndex(): void {
  uni.setStorageSync(INDEX, state.parcels.map((parcel) => parcel.id));
}

/** Store a parcel as it is now. */
export function save(parcel: Parcel): void {
  uni.setStorageSync(keyOf(parcel.id), JSON.parse(JSON.stringify(parcel)));
}

export function findParcel(id: string): Parcel | undefined {
  return state.parcels.find((parcel) => parcel.id === id);
}

/** Start a hazard with everything already known filled in: the worker's enterprise and the place named last there. */
export function startHazard(): HazardParcel {
  return add(newHazard(uuid7(), Date.now(), knownPlace())) as HazardParcel;
}

/** A hazard begun in the official account's chat, under the id that it has there. Throws if there is no room for its photos. */
export async function startFromChat(draft: ChatDraft, photos: Chosen[]): Promise<HazardParcel> {
  const place = knownPlace();
  if (draft.place || draft.coordinates) Object.assign(place, { text: draft.place || place.text, coordinates: draft.coordinates });
  const parcel = add({ ...newHazard(draft.id, Date.now(), place), description: draft.description }) as HazardParcel;
  try {
    for (const photo of photos) await addPhoto(parcel, photo);
  } catch (thrown) {
    await discard(parcel);
    throw thrown;
  }
  return parcel;
}

/** The unfinished answer to that question, or a new one. */
export function answerFor(submissionId: string): Parcel {
  const open = parcels.value.find((parcel) => parcel.kind === "answer" && parcel.submissionId === submissionId);
  return open ?? add(newAnswer(uuid7(), Date.now(), submissionId));
}

/** The unfinished “it is not right yet” of that submission, or a new one. */
export function reopeningFor(submissionId: string): ReopenParcel {
  const open = parcels.value.find((parcel) => parcel.kind === "reopen" && parcel.submissionId === submissionId);
  return (open ?? add(newReopening(uuid7(), Date.now(), submissionId))) as ReopenParcel;
}

export function startSuggestion(): SuggestionParcel {
  return add(newSuggestion(uuid7(), Date.now())) as SuggestionParcel;
}

/** An id tells the millisecond it was made; that of an anonymous report must tell no more than the day. */
function newIdFor(parcel: Parcel): string {
  return uuid7(parcel.kind === "hazard" && parcel.isAnonymous ? midnightOf(Date.now()) : Date.now());
}

/** Whether the enterprise is not to see the name. The id changes with it: the old one tells the time, or no longer needs to hide it. */
export function setAnonymous(parcel: HazardParcel, isAnonymous: boolean): void {
  if (Boolean(parcel.isAnonymous) === isAnonymous) return;
  parcel.isAnonymous = isAnonymous;
  renew(parcel);
  edited(parcel);
}

function add(parcel: Parcel): Parcel {
  parcel.owner = session.me?.id ?? "";
  state.parcels.unshift(parcel);
  save(parcel);
  saveIndex();
  return state.parcels[0] ?? parcel;
}

function knownPlace(): Place {
  const enterprise = session.me?.enterprise ?? null;
  const last = (uni.getStorageSync(LAST_PLACE) as { enterpriseId: string | null; text: string } | "") || null;
  const text = last && last.enterpriseId === (enterprise?.id ?? null) ? last.text : (enterprise?.name ?? "");
  return {
    enterpriseId: enterprise?.id ?? null, enterpriseName: enterprise?.name ?? "", areaId: null, areaName: "", text,
    coordinates: null,
  };
}

/** Keep a photo just chosen with its hash. Throws if the phone has no room for it. */
export async function addPhoto(parcel: Parcel, chosen: Chosen): Promise<void> {
  const key = uuid7();
  const fitting = await withinLimit(chosen, campaign.now?.photos.max_bytes ?? LARGEST_PHOTO);
  const content = await keepPhoto(key, fitting.source);
  const photo: KeptPhoto = { key, sha256: await sha256Hex(content), size: content.byteLength };
  if (parcel.photos.some((known) => known.sha256 === photo.sha256)) {
    await forgetPhoto(key); // the same picture chosen twice
    return;
  }
  parcel.photos.push(photo);
  edited(parcel);
}

export async function removePhoto(parcel: Parcel, key: string): Promise<void> {
  parcel.photos = parcel.photos.filter((photo) => photo.key !== key);
  edited(parcel);
  await forgetPhoto(key);
}

/** The worker changed a draft: if the server has seen it already, it becomes a new submission. */
export function edited(parcel: Parcel): void {
  if (parcel.declared) renew(parcel);
  parcel.state = "editing";
  parcel.problem = null;
  save(parcel);
}

function renew(parcel: Parcel): void {
  takeBack(parcel);
  uni.removeStorageSync(keyOf(parcel.id));
  parcel.id = newIdFor(parcel);
  parcel.declared = false;
  parcel.arrived = [];
  saveIndex();
}

/** Nobody will complete what the server has of this version: let it not stand in the list as waiting for photos. */
function takeBack(parcel: Parcel): void {
  if ((parcel.kind === "hazard" || parcel.kind === "suggestion") && parcel.declared) void withdraw(parcel.id).catch(() => undefined);
}

/** The worker does not want it any more. */
export async function abandon(parcel: Parcel): Promise<void> {
  takeBack(parcel);
  await discard(parcel);
}

/** The worker pressed send. */
export function submit(parcel: Parcel): void {
  parcel.state = "sending";
  parcel.attempts = 0;
  parcel.nextTryAt = 0;
  parcel.problem = null;
  if (parcel.kind === "hazard") {
    const { enterpriseId, text } = parcel.place;
    uni.setStorageSync(LAST_PLACE, { enterpriseId, text });
  }
  save(parcel);
  void flush();
}

/** Remove it from this phone. */
export async function discard(parcel: Parcel): Promise<void> {
  state.parcels = state.parcels.filter((known) => known.id !== parcel.id);
  saveIndex();
  uni.removeStorageSync(keyOf(parcel.id));
  for (const photo of parcel.photos) await forgetPhoto(photo.key).catch(() => undefined);
}

/** Hear of parcels that have arrived whole. Returns how to stop hearing. */
export function onSent(listener: (parcel: Parcel) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const showPhoto = photoAddress;

const wires: Wires = {
  putHazard,
  putAnswer,
  putReopening,
  putSuggestion,
  sendPhoto,
  save: (parcel) => {
    saveIndex(); // a parcel may have been given a new id
    save(parcel);
  },
  now: () => Date.now(),
  newId: newIdFor,
};

let flushing = false;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Send what is due, one parcel after the other; plan the next try. `hurry`: a new chance came, do not wait. */
export async function flush(hurry = false): Promise<void> {
  if (flushing || !canSignIn()) return;
  flushing = true;
  try {
    for (const parcel of parcels.value.filter((known) => known.state === "sending")) {
      if (!isMine(parcel)) continue; // somebody else has signed in meanwhile
      parcel.owner ||= session.me?.id ?? "";
      if (!hurry && parcel.nextTryAt > Date.now()) continue;
      if ((await sendParcel(parcel, wires)) === "sent") {
        listeners.forEach((listener) => listener(parcel));
        await discard(parcel);
      }
    }
  } finally {
    flushing = false;
    plan();
  }
}

function plan(): void {
  clearTimeout(timer);
  const waiting = parcels.value.filter((parcel) => parcel.state === "sending");
  if (waiting.length === 0) return;
  const next = Math.min(...waiting.map((parcel) => parcel.nextTryAt));
  timer = setTimeout(() => void flush(), Math.max(500, next - Date.now()));
}

/** Once, when the app starts. */
export function startOutbox(): void {
  watchNetwork(() => void flush(true));
  void flush(true);
}

export const isOnline = computed(() => network.online);
