/** Every call the worker's side makes, typed by the OpenAPI document. All throw Problem. */
import { call, withToken } from "@/api/client";
import { addressOf, callOpenly } from "@/api/request";
import { rememberMe } from "@/api/session";
import { sendBytes } from "@/api/transport";
import type {
  AnswerIn, BoardKind, CheckIn, ComplaintIn, ConsentResults, Door, FileOut, HazardIn, HintsIn, Me, Offer, Original, PhotoArrival, RecordIn, ReopeningIn, ResponseIn, Scene, SubmitIn, SuggestionIn, VisitDraftIn,
} from "@/api/types";
import type { KeptPhoto } from "@/kinds/parcel";
import type { Chosen } from "@/platform/camera";
import { getPicture } from "@/platform/download";
import { partOf } from "@/platform/photos";
import { deliver, uploadIdOf, type Upload } from "@/platform/pieces";
import { postPhoto } from "@/platform/upload";

type After = string | null;
const ofSubmission = (id: string) => ({ path: { submission_id: id } });

export const getCampaign = () => callOpenly("get", "/api/v1/campaign");
export const getPrivacy = () => callOpenly("get", "/api/v1/privacy");
export const getPolicy = (version = "") => callOpenly("get", "/api/v1/privacy/policy", { query: { version } });
export const getAreas = () => call("get", "/api/v1/areas");
export const searchEnterprises = (q: string, after?: After) => call("get", "/api/v1/enterprises", { query: { q, after } });
export const openPlace = (code: string) => callOpenly("get", "/api/v1/locations/{code}", { path: { code } });
export const listLocations = (enterpriseId: string, q: string) =>
  call("get", "/api/v1/enterprises/{enterprise_id}/locations", { path: { enterprise_id: enterpriseId }, query: { q, limit: 6 } });

export const getMe = async () => kept(await call("get", "/api/v1/me"));
export const changeMe = async (patch: { name?: string; phone?: string }) => kept(await call("patch", "/api/v1/me", { body: patch }));
export const bind = async (to: { enterprise_id: string } | { invite_code: string }) => kept(await call("put", "/api/v1/me/binding", { body: to }));
export const nameWorkplace = async (id: string) => kept(await call("put", "/api/v1/me/workplaces/{enterprise_id}", { path: { enterprise_id: id } }));
export const leaveWorkplace = async (id: string) => kept(await call("delete", "/api/v1/me/workplaces/{enterprise_id}", { path: { enterprise_id: id } }));
export const takePhone = async (code: string) => kept(await call("post", "/api/v1/me/phone", { body: { code } }));
export const getInvite = (code: string) => call("get", "/api/v1/invites/{code}", { path: { code } });

function kept(me: Me): Me {
  rememberMe(me);
  return me;
}

export const lookAtScan = (code: string) => call("post", "/api/v1/scans", { body: { code } });
export const decideScan = (id: string, confirm: boolean) =>
  call("post", confirm ? "/api/v1/scans/{scan_id}/confirm" : "/api/v1/scans/{scan_id}/refuse", { path: { scan_id: id } });

export const withdrawConsent = () => call("delete", "/api/v1/me/consent");
export const getOwnData = () => call("get", "/api/v1/me/data");
export const askExport = () => call("post", "/api/v1/me/exports");
export const askErasure = () => call("post", "/api/v1/me/erasure", { body: { confirm: true } });
export const keepAccount = () => call("delete", "/api/v1/me/erasure");

export const putHazard = (id: string, body: HazardIn) => call("put", "/api/v1/hazards/{hazard_id}", { path: { hazard_id: id }, body });
export const putAnswer = (submissionId: string, id: string, body: AnswerIn) =>
  call("put", "/api/v1/submissions/{submission_id}/answers/{answer_id}", { path: { submission_id: submissionId, answer_id: id }, body });

/** Whether the rest of a file that goes in pieces is still to go. */
type IsWanted = () => boolean;
const always: IsWanted = () => true;

function putPiece(id: string, offset: number, piece: ArrayBuffer): Promise<{ received: number }> {
  const address = addressOf("put", "/api/v1/uploads/{upload_id}", { path: { upload_id: id }, query: { offset } });
  return withToken((token) => sendBytes(address, piece, token));
}

interface Doorway {
  address: string; // of the file that goes whole
  said?: Record<string, string>;
  name?: string;
}

/** A kept file to its door, or, once its pieces are there, by `join`. */
function put<A>(file: Upload, isWanted: IsWanted, { address, ...about }: Doorway, join: (body: { upload_id: string; size: number }) => Promise<A>): Promise<A> {
  return deliver(file, { read: partOf, put: putPiece, isWanted, now: () => Date.now() }, {
    whole: (gone) => withToken<A>((token) => postPhoto(address, file.key, token, { ...about, gone })),
    join: () => join({ upload_id: file.id, size: file.size }),
  });
}

export const sendPhoto = (submissionId: string, { key, sha256, size }: KeptPhoto, position: number, isWanted = always): Promise<PhotoArrival> => {
  const address = addressOf("post", "/api/v1/submissions/{submission_id}/photos", ofSubmission(submissionId));
  return put(
    { key, size, id: uploadIdOf(sha256) }, isWanted, { address, said: { position: String(position) } },
    (body) => call("post", "/api/v1/submissions/{submission_id}/photos/joined", { ...ofSubmission(submissionId), body: { ...body, position } }),
  );
};

export const listOriginals = () => call("get", "/api/v1/photos/originals");
export const sendOriginal = (photoId: string, original: Upload, isWanted = always): Promise<Original> => {
  const of = { path: { photo_id: photoId } };
  const address = addressOf("post", "/api/v1/photos/{photo_id}/original", of);
  return put(original, isWanted, { address }, (body) => call("post", "/api/v1/photos/{photo_id}/original/joined", { ...of, body }));
};

export const openChatDraft = (id: string, key: string) => call("post", "/api/v1/drafts/{draft_id}", { path: { draft_id: id }, body: { key } });
export const fetchChatPhoto = (id: string, position: number) => {
  const address = addressOf("get", "/api/v1/drafts/{draft_id}/photos/{position}", { path: { draft_id: id, position } });
  return withToken<Chosen>((token) => getPicture(address, token));
};

export const listVoices = (id: string) => call("get", "/api/v1/submissions/{submission_id}/voices", ofSubmission(id));
export const fetchVoice = (id: string, voice: string) => {
  const address = addressOf("get", "/api/v1/submissions/{submission_id}/voices/{voice_id}", { path: { submission_id: id, voice_id: voice } });
  return withToken<Chosen>((token) => getPicture(address, token));
};

export const listSubmissions = (after?: After) => call("get", "/api/v1/submissions", { query: { after, limit: 20 } });
export const getSubmission = (id: string) => call("get", "/api/v1/submissions/{submission_id}", ofSubmission(id));
export const withdraw = (id: string) => call("post", "/api/v1/submissions/{submission_id}/withdraw", ofSubmission(id));

export const askAfter = (id: string) => call("post", "/api/v1/submissions/{submission_id}/urging", ofSubmission(id));
export const rateRectification = (id: string, satisfaction: "satisfied" | "fair" | "dissatisfied", words: string) =>
  call("put", "/api/v1/submissions/{submission_id}/rectification/rating", { ...ofSubmission(id), body: { satisfaction, words } });

export const listMessages = (after?: After, unread = false) =>
  call("get", "/api/v1/inbox", { query: { after, limit: 30, ...(unread ? { unread } : {}) } });
export const markRead = (what: { ids: string[] } | { all: true }) => call("post", "/api/v1/inbox/read", { body: what });

export const getRectification = (id: string) => call("get", "/api/v1/submissions/{submission_id}/rectification", ofSubmission(id));
export const confirmRectification = (id: string) =>
  call("post", "/api/v1/submissions/{submission_id}/rectification/confirm", { ...ofSubmission(id), body: {} });
export const putReopening = (submissionId: string, id: string, body: ReopeningIn) =>
  call("put", "/api/v1/submissions/{submission_id}/rectification/reopenings/{reopening_id}", {
    path: { submission_id: submissionId, reopening_id: id }, body,
  });

export const findHints = (body: HintsIn) => call("post", "/api/v1/hazards/hints", { body });
export const follow = (id: string) => call("put", "/api/v1/submissions/{submission_id}/follow", { ...ofSubmission(id), body: {} });
export const unfollow = (id: string) => call("delete", "/api/v1/submissions/{submission_id}/follow", ofSubmission(id));
export const getFollowed = (id: string) => call("get", "/api/v1/follows/{submission_id}", ofSubmission(id));
export const getOffer = (id: string) => call("get", "/api/v1/submissions/{submission_id}/story", ofSubmission(id));
export const offerStory = (id: string, reach: NonNullable<Offer["reach"]>) => call("put", "/api/v1/submissions/{submission_id}/story", { ...ofSubmission(id), body: { reach } });
export const retractStory = (id: string) => call("delete", "/api/v1/submissions/{submission_id}/story", ofSubmission(id));
export const listStories = (of: "own" | "everybody", after?: After) => call("get", "/api/v1/stories", { query: { of, after, limit: 20 } });
export const complain = (subject: string, id: string, body: ComplaintIn) =>
  call("put", "/api/v1/complaints/{subject}/{subject_id}", { path: { subject, subject_id: id }, body });
export const getStory = (id: string) => call("get", "/api/v1/stories/{story_id}", { path: { story_id: id } });
export const listFollows = (after?: After) => call("get", "/api/v1/follows", { query: { after, limit: 20 } });

export const listPoints = (after?: After) => call("get", "/api/v1/points", { query: { after, limit: 30 } });
export const listAwards = (after?: After) => call("get", "/api/v1/awards", { query: { after, limit: 20 } });
export const confirmReceipt = (entryId: string) => call("post", "/api/v1/awards/{entry_id}/receipt", { path: { entry_id: entryId } });
export const listNotices = () => call("get", "/api/v1/awards/notices");
export const getNotice = (batchId: string) => call("get", "/api/v1/awards/notices/{batch_id}", { path: { batch_id: batchId } });
export const putObjection = (batchId: string, id: string, text: string, entryId: string | null) =>
  call("put", "/api/v1/awards/notices/{batch_id}/objections/{objection_id}", {
    path: { batch_id: batchId, objection_id: id }, body: { text, entry_id: entryId },
  });

const ofSuggestion = (id: string) => ({ path: { suggestion_id: id } });
export const listSuggestionCategories = () => call("get", "/api/v1/suggestions/categories");
export const putSuggestion = (id: string, body: SuggestionIn) => call("put", "/api/v1/suggestions/{suggestion_id}", { ...ofSuggestion(id), body });
export const listSuggestions = (after?: After) => call("get", "/api/v1/suggestions", { query: { after, limit: 20 } });
export const getSuggestion = (id: string) => call("get", "/api/v1/suggestions/{suggestion_id}", ofSuggestion(id));
export const support = (id: string, on: boolean) => call(on ? "put" : "delete", "/api/v1/suggestions/{suggestion_id}/support", ofSuggestion(id));
export const answerCoAuthorship = (id: string, accept: boolean) =>
  call("post", "/api/v1/suggestions/{suggestion_id}/co-authorship", { ...ofSuggestion(id), body: { accept } });

export const getTemplates = (scene: Scene) => call("get", "/api/v1/subscriptions/templates", { query: { scene } });
export const postConsents = (results: ConsentResults) => call("post", "/api/v1/subscriptions/consents", { body: { results } });

const ofQuiz = (id: string) => ({ path: { quiz_id: id } });
const ofAttempt = (id: string) => ({ path: { attempt_id: id } });
export const listQuizzes = () => call("get", "/api/v1/quizzes");
export const getQuiz = (id: string) => call("get", "/api/v1/quizzes/{quiz_id}", ofQuiz(id));
export const startAttempt = (id: string, quizId: string, level: number) =>
  call("put", "/api/v1/quiz/attempts/{attempt_id}", { ...ofAttempt(id), body: { quiz_id: quizId, level } });
export const getAttempt = (id: string) => call("get", "/api/v1/quiz/attempts/{attempt_id}", ofAttempt(id));
export const saveAnswer = (attemptId: string, position: number, chosen: number[]) =>
  call("put", "/api/v1/quiz/attempts/{attempt_id}/answers/{position}", { path: { attempt_id: attemptId, position: String(position) }, body: { chosen } });
export const submitAttempt = (id: string, answers: { position: number; chosen: number[] }[]) =>
  call("post", "/api/v1/quiz/attempts/{attempt_id}/submission", { ...ofAttempt(id), body: { answers } });
export const getResult = (id: string) => call("get", "/api/v1/quiz/attempts/{attempt_id}/result", ofAttempt(id));
export const getPractice = () => call("get", "/api/v1/quiz/practice");
export const answerPractice = (cardId: string, body: { round: number; edition: number; chosen: number[] }) =>
  call("post", "/api/v1/quiz/practice/{card_id}", { path: { card_id: cardId }, body });
export const getDaily = () => call("get", "/api/v1/quiz/daily");
export const answerDaily = (questionId: string, chosen: number[]) =>
  call("post", "/api/v1/quiz/daily", { body: { question_id: questionId, chosen } });
export const setStreak = (keepsStreak: boolean) => call("put", "/api/v1/quiz/daily/streak", { body: { keeps_streak: keepsStreak } });
export const getBoard = (quizId: string, board: BoardKind, after?: After) =>
  call("get", "/api/v1/quizzes/{quiz_id}/leaderboard", { ...ofQuiz(quizId), query: { board, after, limit: 50 } });
export const setListed = (quizId: string, isListed: boolean) =>
  call("put", "/api/v1/quizzes/{quiz_id}/listing", { ...ofQuiz(quizId), body: { is_listed: isListed } });
export const listDraws = (quizId: string) => call("get", "/api/v1/draws", { query: { quiz_id: quizId } });
export const getDraw = (id: string) => call("get", "/api/v1/draws/{draw_id}", { path: { draw_id: id } });
export const listWins = () => call("get", "/api/v1/prizes/wins");
export const answerWin = (id: string, accept: boolean) =>
  call("post", accept ? "/api/v1/prizes/wins/{win_id}/acceptance" : "/api/v1/prizes/wins/{win_id}/refusal", { path: { win_id: id } });
export const getCertificate = (quizId: string) => call("get", "/api/v1/quizzes/{quiz_id}/certificate", ofQuiz(quizId));

const ofTask = (id: string) => ({ path: { recipient_id: id } });
export const listTasks = (state: "open" | "done", after?: After) => call("get", "/api/v1/tasks", { query: { state, after } });
export const getTask = (id: string) => call("get", "/api/v1/tasks/{recipient_id}", ofTask(id));
export const signTask = (id: string) => call("post", "/api/v1/tasks/{recipient_id}/receipt", ofTask(id));
export const nameAnswerer = (id: string, body: { version: number; person: string | null }) =>
  call("put", "/api/v1/tasks/{recipient_id}/named", { ...ofTask(id), body });
export const saveTask = (id: string, body: ResponseIn) => call("put", "/api/v1/tasks/{recipient_id}/response", { ...ofTask(id), body });
export const submitTask = (id: string, body: SubmitIn) => call("post", "/api/v1/tasks/{recipient_id}/submissions", { ...ofTask(id), body });
export const getTraits = (taskId: string) => call("get", "/api/v1/tasks/{recipient_id}/traits", ofTask(taskId));
export const answerTraits = (taskId: string, answers: Record<string, boolean>) =>
  call("put", "/api/v1/tasks/{recipient_id}/traits", { ...ofTask(taskId), body: { answers } });
export const sendFile = (ownerId: string, { key, sha256, size, field = "", name = "" }: KeptPhoto, subject = "response", isWanted = always): Promise<FileOut> => {
  const of = { path: { file_id: key }, query: { subject, subject_id: ownerId, field, name, sha256 } };
  const address = addressOf("post", "/api/v1/files/{file_id}", of);
  return put(
    { key, size, id: uploadIdOf(sha256) }, isWanted, { address, name: name || undefined },
    (body) => call("post", "/api/v1/files/{file_id}/joined", { ...of, body }),
  );
};
export const removeFile = (id: string) => call("delete", "/api/v1/files/{file_id}", { path: { file_id: id } });
export const listFiles = (taskId: string) => call("get", "/api/v1/files", { query: { subject: "response", subject_id: taskId } });

const ofVisit = (id: string) => ({ path: { visit_id: id } });
export const listVisits = (state: "open" | "done", after?: After) => call("get", "/api/v1/visits", { query: { state, after } });
export const listNamedPlans = () => call("get", "/api/v1/visits/plans");
export const getVisit = (id: string) => call("get", "/api/v1/visits/{visit_id}", ofVisit(id));
export const saveVisit = (id: string, body: VisitDraftIn) => call("put", "/api/v1/visits/{visit_id}/draft", { ...ofVisit(id), body });
export const putRecord = (id: string, body: RecordIn) => call("put", "/api/v1/visits/{visit_id}/record", { ...ofVisit(id), body });

const ofTraining = (id: string) => ({ path: { session_id: id } });
export const listTraining = () => call("get", "/api/v1/training/sessions");
export const getTraining = (id: string) => call("get", "/api/v1/training/sessions/{session_id}", ofTraining(id));
export const putCheckIn = (id: string, door: Door, body: CheckIn) =>
  door === "check-in"
    ? call("put", "/api/v1/training/sessions/{session_id}/check-in", { ...ofTraining(id), body })
    : call("put", "/api/v1/training/sessions/{session_id}/check-out", { ...ofTraining(id), body });
export const getExam = (sessionId: string) => call("get", "/api/v1/training/sessions/{session_id}/exam", ofTraining(sessionId));
export const startExamAttempt = (id: string, sessionId: string) =>
  call("put", "/api/v1/training/exam-attempts/{attempt_id}", { ...ofAttempt(id), body: { session_id: sessionId } });
export const getExamAttempt = (id: string) => call("get", "/api/v1/training/exam-attempts/{attempt_id}", ofAttempt(id));
export const saveExamAnswer = (attemptId: string, position: number, chosen: number[]) =>
  call("put", "/api/v1/training/exam-attempts/{attempt_id}/answers/{position}", { path: { attempt_id: attemptId, position: String(position) }, body: { chosen } });
export const submitExamAttempt = (id: string, answers: { position: number; chosen: number[] }[]) =>
  call("post", "/api/v1/training/exam-attempts/{attempt_id}/submission", { ...ofAttempt(id), body: { answers } });
export const getExamResult = (id: string) => call("get", "/api/v1/training/exam-attempts/{attempt_id}/result", ofAttempt(id));
export const listTrainingRecord = (after?: After) => call("get", "/api/v1/training/record", { query: { after } });
