/** Every call the worker's side makes, one line each, typed by the OpenAPI document. All throw Problem. */
import { call, query, withToken } from "@/api/client";
import { rememberMe } from "@/api/session";
import type {
  AnswerIn, Areas, Campaign, EnterprisePage, HazardIn, InboxPage, Me, PhotoArrival, Submission, SubmissionPage,
} from "@/api/types";
import { postPhoto } from "@/platform/upload";

const V1 = "/api/v1";

export const getCampaign = () => call<Campaign>("GET", `${V1}/campaign`);
export const getAreas = () => call<Areas>("GET", `${V1}/areas`);
export const searchEnterprises = (q: string, after?: string | null) =>
  call<EnterprisePage>("GET", `${V1}/enterprises${query({ q, after })}`);

export async function getMe(): Promise<Me> {
  return kept(await call<Me>("GET", `${V1}/me`));
}
export async function changeMe(patch: { name?: string; phone?: string }): Promise<Me> {
  return kept(await call<Me>("PATCH", `${V1}/me`, patch));
}
export async function bind(to: { enterprise_id: string } | { invite_code: string }): Promise<Me> {
  return kept(await call<Me>("PUT", `${V1}/me/binding`, to));
}
function kept(me: Me): Me {
  rememberMe(me);
  return me;
}

export const putHazard = (id: string, body: HazardIn) => call<Submission>("PUT", `${V1}/hazards/${id}`, body);
export const putAnswer = (submissionId: string, id: string, body: AnswerIn) =>
  call<Submission>("PUT", `${V1}/submissions/${submissionId}/answers/${id}`, body);
export const sendPhoto = (submissionId: string, photoKey: string, position: number) =>
  withToken<PhotoArrival>((token) => postPhoto(`${V1}/submissions/${submissionId}/photos`, photoKey, position, token));

export const listSubmissions = (after?: string | null) =>
  call<SubmissionPage>("GET", `${V1}/submissions${query({ after, limit: 20 })}`);
export const getSubmission = (id: string) => call<Submission>("GET", `${V1}/submissions/${id}`);
export const withdraw = (id: string) => call<Submission>("POST", `${V1}/submissions/${id}/withdraw`);

export const listMessages = (after?: string | null) => call<InboxPage>("GET", `${V1}/inbox${query({ after, limit: 20 })}`);
export const markRead = (what: { ids: string[] } | { all: true }) =>
  call<{ unread: number }>("POST", `${V1}/inbox/read`, what);
