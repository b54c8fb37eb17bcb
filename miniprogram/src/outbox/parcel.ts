/** What waits on the phone to be sent: plain data, so that it can be stored as it is. */
import type { Coordinates } from "@/api/types";

export interface KeptPhoto {
  key: string; // under which platform/photos keeps it
  sha256: string;
  size: number; // bytes
}

export interface Place {
  enterpriseId: string | null; // null: somewhere else
  enterpriseName: string;
  areaId: string | null;
  areaName: string;
  text: string;
  coordinates: Coordinates | null;
}

interface Common {
  id: string; // UUIDv7, the submission's or the answer's id on the server
  owner: string; // the person who made it; empty: made before the first sign-in
  createdAt: number; // ms since 1970
  photos: KeptPhoto[];
  state: "editing" | "sending" | "refused";
  declared: boolean; // the server knows the manifest
  arrived: string[]; // keys of the photos that the server has
  attempts: number; // failed ones in a row
  nextTryAt: number; // ms since 1970
  problem: { code: string; message: string } | null;
  replaces?: string[]; // ids of earlier versions that the server may have: taken back when this one goes out
  delivered?: string; // what an earlier version said that has arrived whole
}

export interface HazardParcel extends Common {
  kind: "hazard";
  category: string;
  description: string;
  place: Place;
  isAnonymous?: boolean; // the enterprise does not see the name; absent in drafts of earlier versions
}

export interface AnswerParcel extends Common {
  kind: "answer";
  submissionId: string;
  firstPosition: number; // of its photos among all of the submission
  text: string;
}

/** “It is not right yet”, with photos that show it. */
export interface ReopenParcel extends Common {
  kind: "reopen";
  submissionId: string;
  text: string;
}

export interface SuggestionParcel extends Common {
  kind: "suggestion";
  category: string;
  title: string;
  presentState: string;
  proposal: string;
  benefit: string;
  coAuthors: { name: string; phone: string }[];
  mayPublish: boolean;
}

export type Parcel = HazardParcel | AnswerParcel | ReopenParcel | SuggestionParcel;

/** A changed one is a new submission, and the old one has to be taken back; the server itself replaces what was to follow a submission. */
export const isTakenBack = (parcel: Parcel): boolean => parcel.kind === "hazard" || parcel.kind === "suggestion";

const SECOND = 1000;
const PAUSES = [3 * SECOND, 10 * SECOND, 30 * SECOND, 60 * SECOND, 180 * SECOND];

/** How long to wait after that many failures in a row. */
export function pauseAfter(attempts: number): number {
  return PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? 0;
}

/** “3/4 张已上传”, and what it waits for. */
export function progressText(parcel: Parcel, online: boolean): string {
  if (parcel.state === "editing") return parcel.problem?.message ?? "草稿，还没提交";
  if (parcel.state === "refused") return parcel.problem?.message ?? "没有提交成功，点开看看。";
  if (parcel.photos.length === 0) return online ? "正在发送…" : "等网络恢复后自动发送";
  const count = `${parcel.arrived.length}/${parcel.photos.length} 张已上传`;
  if (!online) return `${count}，等网络恢复后自动续传`;
  return parcel.attempts > 0 ? `${count}，信号不好，会自动再试` : `${count}，正在发送…`;
}

export function newHazard(id: string, now: number, place: Place): HazardParcel {
  return { kind: "hazard", category: "", description: "", place, isAnonymous: false, ...fresh(id, now) };
}

export function newAnswer(id: string, now: number, submissionId: string): AnswerParcel {
  return { kind: "answer", submissionId, firstPosition: 0, text: "", ...fresh(id, now) };
}

export function newReopening(id: string, now: number, submissionId: string): ReopenParcel {
  return { kind: "reopen", submissionId, text: "", ...fresh(id, now) };
}

export function newSuggestion(id: string, now: number): SuggestionParcel {
  return {
    kind: "suggestion", category: "", title: "", presentState: "", proposal: "", benefit: "", coAuthors: [], mayPublish: true,
    ...fresh(id, now),
  };
}

function fresh(id: string, now: number): Common {
  return {
    id, owner: "", createdAt: now, photos: [], state: "editing", declared: false, arrived: [], attempts: 0, nextTryAt: 0, problem: null,
  };
}

/** Whether nothing was written, chosen or photographed in an answer, a reopening or a suggestion. */
export function isBlank(parcel: AnswerParcel | ReopenParcel | SuggestionParcel): boolean {
  const words = parcel.kind === "suggestion" ? [parcel.title, parcel.presentState, parcel.proposal, parcel.benefit] : [parcel.text];
  return parcel.photos.length === 0 && words.every((text) => !text.trim());
}

/** What is still missing before a hazard can be sent, in words; null when nothing is. */
export function missing(parcel: HazardParcel): string | null {
  if (parcel.photos.length === 0) return "先拍一张照片";
  if (!parcel.category) return "选一下是哪一类隐患";
  if (!parcel.place.text.trim() && !parcel.place.coordinates) return "写一下在哪里";
  return null;
}

/** The same for a suggestion. */
export function missingInSuggestion(parcel: SuggestionParcel): string | null {
  if (!parcel.category) return "选一下是哪一类建议";
  if (parcel.title.trim().length < 2) return "写个标题";
  if (parcel.proposal.trim().length < 5) return "写一下怎么改";
  if (parcel.coAuthors.some((person) => !person.name.trim())) return "写上共同建议人的姓名";
  if (parcel.coAuthors.some((person) => person.phone && !/^1\d{10}$/.test(person.phone))) return "共同建议人的手机号不对";
  return null;
}
