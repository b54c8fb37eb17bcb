/** Every call the worker's side makes, one line each, typed by the OpenAPI document. All throw Problem. */
import { call, query, send, withToken } from "@/api/client";
import { problemFrom } from "@/api/problem";
import { rememberMe } from "@/api/session";
import type {
  AnswerIn, AnswerSaved, Areas, Attempt, Award, AwardPage, Board, BoardKind, Campaign, Certificate, ChatDraft, ConsentResults, Draw,
  DrawDetail, EnterprisePage, Follow, FollowPage, HazardIn, Hint, HintsIn, InboxPage, Invite, Me, Notice, NoticeDetail, OwnData,
  PhotoArrival, PointsPage, Practice, PracticeResult, Privacy, Published, QuizMap, QuizResult, QuizSummary, Rectification, ReopeningIn,
  Scan, Scene, Submission, SubmissionPage, Suggestion, SuggestionCategory, SuggestionIn, Win,
} from "@/api/types";
import type { Chosen } from "@/platform/camera";
import { getPicture } from "@/platform/download";
import { postPhoto } from "@/platform/upload";

const V1 = "/api/v1";

/** Open to everybody, like `getPrivacy`: a token is neither needed nor sent. */
export const getCampaign = () => seen<Campaign>(`${V1}/campaign`);
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
export async function takePhone(code: string): Promise<Me> {
  return kept(await call<Me>("POST", `${V1}/me/phone`, { code }));
}
export const getInvite = (code: string) => call<Invite>("GET", `${V1}/invites/${encodeURIComponent(code)}`);

export const lookAtScan = (code: string) => call<Scan>("POST", `${V1}/scans`, { code });
export const decideScan = (id: string, confirm: boolean) =>
  call<Scan>("POST", `${V1}/scans/${id}/${confirm ? "confirm" : "refuse"}`);

function kept(me: Me): Me {
  rememberMe(me);
  return me;
}

export const getPrivacy = () => seen<Privacy>(`${V1}/privacy`);
export const withdrawConsent = () => call<null>("DELETE", `${V1}/me/consent`);

async function seen<T>(path: string): Promise<T> {
  const { status, body } = await send("GET", path, undefined, null);
  if (status !== 200) throw problemFrom(status, body);
  return body as T;
}
export const getOwnData = () => call<OwnData>("GET", `${V1}/me/data`);
export const askExport = () => call<OwnData["export"]>("POST", `${V1}/me/exports`);
export const askErasure = () => call<OwnData["erasure"]>("POST", `${V1}/me/erasure`, { confirm: true });
export const keepAccount = () => call<null>("DELETE", `${V1}/me/erasure`);

export const putHazard = (id: string, body: HazardIn) => call<Submission>("PUT", `${V1}/hazards/${id}`, body);
export const putAnswer = (submissionId: string, id: string, body: AnswerIn) =>
  call<Submission>("PUT", `${V1}/submissions/${submissionId}/answers/${id}`, body);
export const sendPhoto = (submissionId: string, photoKey: string, position: number) =>
  withToken<PhotoArrival>((token) => postPhoto(`${V1}/submissions/${submissionId}/photos`, photoKey, position, token));

export const openChatDraft = (id: string, key: string) => call<ChatDraft>("POST", `${V1}/drafts/${id}`, { key });
export const fetchChatPhoto = (id: string, position: number) =>
  withToken<Chosen>((token) => getPicture(`${V1}/drafts/${id}/photos/${position}`, token));

export const listSubmissions = (after?: string | null) =>
  call<SubmissionPage>("GET", `${V1}/submissions${query({ after, limit: 20 })}`);
export const getSubmission = (id: string) => call<Submission>("GET", `${V1}/submissions/${id}`);
export const withdraw = (id: string) => call<Submission>("POST", `${V1}/submissions/${id}/withdraw`);

export const listMessages = (after?: string | null) => call<InboxPage>("GET", `${V1}/inbox${query({ after, limit: 20 })}`);
export const markRead = (what: { ids: string[] } | { all: true }) =>
  call<{ unread: number }>("POST", `${V1}/inbox/read`, what);

const rectificationOf = (submissionId: string): string => `${V1}/submissions/${submissionId}/rectification`;
export const getRectification = (submissionId: string) => call<Rectification>("GET", rectificationOf(submissionId));
export const confirmRectification = (submissionId: string) =>
  call<Rectification>("POST", `${rectificationOf(submissionId)}/confirm`, {});
export const putReopening = (submissionId: string, id: string, body: ReopeningIn) =>
  call<Rectification>("PUT", `${rectificationOf(submissionId)}/reopenings/${id}`, body);

export const findHints = (body: HintsIn) => call<{ items: Hint[] }>("POST", `${V1}/hazards/hints`, body);
export const follow = (id: string) => call<Follow>("PUT", `${V1}/submissions/${id}/follow`, {});
export const unfollow = (id: string) => call<null>("DELETE", `${V1}/submissions/${id}/follow`);
export const listFollows = (after?: string | null) => call<FollowPage>("GET", `${V1}/follows${query({ after, limit: 20 })}`);

export const listPoints = (after?: string | null) => call<PointsPage>("GET", `${V1}/points${query({ after, limit: 30 })}`);
export const listAwards = (after?: string | null) => call<AwardPage>("GET", `${V1}/awards${query({ after, limit: 20 })}`);
export const confirmReceipt = (entryId: string) => call<Award>("POST", `${V1}/awards/${entryId}/receipt`);
export const listNotices = () => call<{ items: Notice[] }>("GET", `${V1}/awards/notices`);
export const getNotice = (batchId: string) => call<NoticeDetail>("GET", `${V1}/awards/notices/${batchId}`);
export const putObjection = (batchId: string, id: string, text: string, entryId: string | null) =>
  call<NoticeDetail["my_objections"][number]>("PUT", `${V1}/awards/notices/${batchId}/objections/${id}`, { text, entry_id: entryId });

export const listSuggestionCategories = () => call<{ items: SuggestionCategory[] }>("GET", `${V1}/suggestions/categories`);
export const putSuggestion = (id: string, body: SuggestionIn) => call<Submission>("PUT", `${V1}/suggestions/${id}`, body);
export const listSuggestions = (after?: string | null) =>
  call<{ items: Published[]; next: string | null }>("GET", `${V1}/suggestions${query({ after, limit: 20 })}`);
export const getSuggestion = (id: string) => call<Suggestion>("GET", `${V1}/suggestions/${id}`);
export const support = (id: string, on: boolean) =>
  call<{ supporters: number; is_supported: boolean }>(on ? "PUT" : "DELETE", `${V1}/suggestions/${id}/support`);
export const answerCoAuthorship = (id: string, accept: boolean) =>
  call<Suggestion>("POST", `${V1}/suggestions/${id}/co-authorship`, { accept });

export const getTemplates = (scene: Scene) =>
  call<{ template_ids: string[] }>("GET", `${V1}/subscriptions/templates${query({ scene })}`);
export const postConsents = (results: ConsentResults) => call<{ accepted: number }>("POST", `${V1}/subscriptions/consents`, { results });

export const listQuizzes = () => call<{ items: QuizSummary[] }>("GET", `${V1}/quizzes`);
export const getQuiz = (id: string) => call<QuizMap>("GET", `${V1}/quizzes/${id}`);
export const startAttempt = (id: string, quizId: string, level: number) =>
  call<Attempt>("PUT", `${V1}/quiz/attempts/${id}`, { quiz_id: quizId, level });
export const getAttempt = (id: string) => call<Attempt>("GET", `${V1}/quiz/attempts/${id}`);
export const saveAnswer = (attemptId: string, position: number, chosen: number[]) =>
  call<AnswerSaved>("PUT", `${V1}/quiz/attempts/${attemptId}/answers/${position}`, { chosen });
export const submitAttempt = (id: string, answers: { position: number; chosen: number[] }[]) =>
  call<QuizResult>("POST", `${V1}/quiz/attempts/${id}/submission`, { answers });
export const getResult = (id: string) => call<QuizResult>("GET", `${V1}/quiz/attempts/${id}/result`);
export const getPractice = () => call<Practice>("GET", `${V1}/quiz/practice`);
export const answerPractice = (cardId: string, body: { round: number; edition: number; chosen: number[] }) =>
  call<PracticeResult>("POST", `${V1}/quiz/practice/${cardId}`, body);
export const getBoard = (quizId: string, board: BoardKind, after?: string | null) =>
  call<Board>("GET", `${V1}/quizzes/${quizId}/leaderboard${query({ board, after, limit: 50 })}`);
export const setListed = (quizId: string, isListed: boolean) =>
  call<{ is_listed: boolean }>("PUT", `${V1}/quizzes/${quizId}/listing`, { is_listed: isListed });
export const listDraws = (quizId: string) => call<{ items: Draw[] }>("GET", `${V1}/draws${query({ quiz_id: quizId })}`);
export const getDraw = (id: string) => call<DrawDetail>("GET", `${V1}/draws/${id}`);
export const listWins = () => call<{ items: Win[] }>("GET", `${V1}/prizes/wins`);
export const answerWin = (id: string, accept: boolean) =>
  call<Win>("POST", `${V1}/prizes/wins/${id}/${accept ? "acceptance" : "refusal"}`);
export const getCertificate = (quizId: string) => call<Certificate>("GET", `${V1}/quizzes/${quizId}/certificate`);
