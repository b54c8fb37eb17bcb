/** What a worker begins, or goes on with: the parcel of each thing that this phone has, or a new one. */
import { session } from "@/api/session";
import type { ChatDraft, Submission, Task, Visit } from "@/api/types";
import { newAnswer, type AnswerParcel } from "@/kinds/answer";
import { newCheckIn, type CheckInParcel } from "@/kinds/checkIn";
import { newHazard, type HazardParcel } from "@/kinds/hazard";
import { isOf, type ParcelOf } from "@/kinds/index";
import type { Place } from "@/kinds/parcel";
import { newReopening, type ReopenParcel } from "@/kinds/reopen";
import { newResponse, type ResponseParcel } from "@/kinds/response";
import { newSuggestion, type SuggestionParcel } from "@/kinds/suggestion";
import { newRecord, type VisitParcel } from "@/kinds/visit";
import { uuid7 } from "@/lib/uuid7";
import { add, addPhoto, discard, LAST_PLACE, parcels, setAnonymous, submit } from "@/outbox/outbox";
import type { Chosen } from "@/platform/camera";

const DEVICE = "outbox.device";

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

/** A report whose photos never came, and are not on this phone: said again here, to be photographed anew. It takes the other one's place when it is sent. */
export function startAgain(item: Submission): HazardParcel {
  const place = { ...knownPlace(), text: item.place, coordinates: item.coordinates, code: item.location_code ?? undefined };
  if (item.enterprise_name !== place.enterpriseName) Object.assign(place, { enterpriseId: null, enterpriseName: "", code: undefined }); // to be chosen again
  const { category, description, id } = item;
  const parcel = add({ ...newHazard(uuid7(), Date.now(), place), category, description, isDirect: item.is_direct, replaces: [id] }) as HazardParcel;
  setAnonymous(parcel, item.is_anonymous);
  return parcel;
}

/** What this phone has of an answer or a reopening: begun, on its way or refused. */
export function followUpOf<K extends "answer" | "reopen">(kind: K, submissionId: string): ParcelOf<K> | null {
  const found = parcels.value.find((parcel) => isOf(kind, parcel) && "submissionId" in parcel && parcel.submissionId === submissionId);
  return (found as ParcelOf<K> | undefined) ?? null;
}

/** The unfinished answer to that question, or a new one. */
export function answerFor(submissionId: string): AnswerParcel {
  return followUpOf("answer", submissionId) ?? (add(newAnswer(uuid7(), Date.now(), submissionId)) as AnswerParcel);
}

/** The unfinished “it is not right yet” of that submission, or a new one. */
export function reopeningFor(submissionId: string): ReopenParcel {
  return followUpOf("reopen", submissionId) ?? (add(newReopening(uuid7(), Date.now(), submissionId)) as ReopenParcel);
}

/** What this phone has of the answer to that task: begun, on its way or refused. */
export const responseTo = (taskId: string): ResponseParcel | null =>
  (parcels.value.find((parcel) => isOf("response", parcel) && parcel.taskId === taskId) as ResponseParcel | undefined) ?? null;

/** The unfinished answer to that task, or one that goes on from what the server has. */
export const responseFor = (task: Task): ResponseParcel =>
  responseTo(task.id) ?? (add(newResponse(uuid7(), Date.now(), task)) as ResponseParcel);

/** What this phone has of the record of that visit. */
export const recordOf = (visitId: string): VisitParcel | null =>
  (parcels.value.find((parcel) => isOf("visit", parcel) && parcel.visitId === visitId) as VisitParcel | undefined) ?? null;

/** The unfinished record of that visit, or one that goes on from what the server has. */
export const recordFor = (visit: Visit, today: string): VisitParcel =>
  recordOf(visit.id) ?? (add(newRecord(uuid7(), Date.now(), visit, today)) as VisitParcel);

/** What this phone has of coming to, or leaving, a training session: on its way or refused. */
export const checkInTo = (sessionId: string): CheckInParcel | null =>
  (parcels.value.find((parcel) => isOf("checkIn", parcel) && parcel.sessionId === sessionId) as CheckInParcel | undefined) ?? null;

/** A code was scanned or typed at that moment: it goes at once, or keeps its moment until there is a network. */
export function sendCheckIn(about: Pick<CheckInParcel, "sessionId" | "door" | "code" | "point">, title: string, at: number): void {
  submit(add(newCheckIn(uuid7(), at, { ...about, title, device: deviceId() })));
}

/** Tells this phone from others at a session; it says nothing of whose it is. */
function deviceId(): string {
  const kept = uni.getStorageSync(DEVICE) as string;
  if (!kept) uni.setStorageSync(DEVICE, uuid7());
  return kept || (uni.getStorageSync(DEVICE) as string);
}

export function startSuggestion(): SuggestionParcel {
  return add(newSuggestion(uuid7(), Date.now())) as SuggestionParcel;
}

function knownPlace(): Place {
  const enterprise = session.me?.enterprise ?? null;
  const last = (uni.getStorageSync(LAST_PLACE) as { enterpriseId: string | null; text: string } | "") || null;
  const named = last && last.enterpriseId === (enterprise?.id ?? null) ? last.text : "";
  return {
    enterpriseId: enterprise?.id ?? null, enterpriseName: enterprise?.name ?? "", areaId: null, areaName: "",
    text: named === enterprise?.name ? "" : named, // the enterprise is known, and its name says nothing about where in it
    coordinates: null,
    ...(!session.me && { isOpen: true }),
  };
}
