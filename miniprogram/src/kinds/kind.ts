/** What is said once of each kind of parcel, in the file of its name. */
import type { AnswerIn, CheckIn, Door, HazardIn, Me, PhotoArrival, RecordIn, Rectification, ReopeningIn, Submission, SubmitIn, SuggestionIn, Task, Visit } from "@/api/types";
import type { Common, KeptPhoto, Place } from "@/kinds/parcel";

/** The calls by which parcels are declared to the server. */
export interface Declaring {
  putHazard(id: string, body: HazardIn): Promise<Submission>;
  putAnswer(submissionId: string, id: string, body: AnswerIn): Promise<Submission>;
  putReopening(submissionId: string, id: string, body: ReopeningIn): Promise<Rectification>;
  putSuggestion(id: string, body: SuggestionIn): Promise<Submission>;
  getTask(id: string): Promise<Task>;
  submitTask(id: string, body: SubmitIn): Promise<unknown>;
  getVisit(id: string): Promise<Visit>;
  putRecord(visitId: string, body: RecordIn): Promise<unknown>;
  putCheckIn(sessionId: string, door: Door, body: CheckIn): Promise<unknown>;
}

/** The calls by which photos and documents go. */
export interface Sending {
  sendPhoto(submissionId: string, photo: KeptPhoto, position: number): Promise<PhotoArrival>;
  sendFile(ownerId: string, file: KeptPhoto, subject?: string): Promise<unknown>;
}

export interface Kind<P> {
  isSubmission: boolean; // a changed one is a new submission, and the old one is taken back; else the server replaces it itself
  isSweptAway: boolean; // the server forgets it when its photos take too long: it is declared anew
  settlesQuestion: boolean; // the question of its submission is answered by it
  body(parcel: P): object; // all that the server is told
  declare(parcel: P, wires: Declaring): Promise<Submission | null>; // null: its photos are not among the submission's
  photosFirst: boolean; // they go before it, under ids of their own, and stay valid for later versions
  sendPhoto(parcel: P, photo: KeptPhoto, position: number, wires: Sending): Promise<unknown>;
  title(parcel: P, categoryName: (code: string) => string): string;
  page(parcel: P): string; // where the worker goes on with it
  words(parcel: P): string[]; // that were written; none of them: it is blank
  firstPosition(parcel: P): number; // of its photos among all of the submission
  learn(parcel: P, submission: Submission): void; // from what the server has
  learned(parcel: P): Partial<P>; // the same, for the version that the worker sees
  place(parcel: P): Place | null; // to be suggested the next time
  stamp(parcel: P): { place: string; isDayOnly: boolean } | null; // to be written on its photos, if the worker wants that
  owned(parcel: P, me: Me): void; // it was made before anybody signed in: now it is known whose it is
  hidesTime(parcel: P): boolean; // its id must tell no more than the day
}

/** As most are. */
export const USUAL = {
  photosFirst: false,
  sendPhoto: (parcel: Common & { submissionId?: string }, photo: KeptPhoto, position: number, wires: Sending) =>
    wires.sendPhoto(parcel.submissionId ?? parcel.id, photo, position),
  firstPosition: () => 0,
  learn: () => undefined,
  learned: () => ({}),
  place: () => null,
  stamp: () => null,
  owned: () => undefined,
  hidesTime: () => false,
};
