/** The kinds of parcel. Nothing outside of this folder asks which one it has before it: a new kind is one file and its page. */
import type { Submission } from "@/api/types";
import { answer, type AnswerParcel } from "@/kinds/answer";
import { checkIn, type CheckInParcel } from "@/kinds/checkIn";
import { hazard, type HazardParcel } from "@/kinds/hazard";
import type { Kind } from "@/kinds/kind";
import { reopen, type ReopenParcel } from "@/kinds/reopen";
import { response, type ResponseParcel } from "@/kinds/response";
import { suggestion, type SuggestionParcel } from "@/kinds/suggestion";
import { visit, type VisitParcel } from "@/kinds/visit";

export type Parcel = HazardParcel | AnswerParcel | ReopenParcel | SuggestionParcel | ResponseParcel | VisitParcel | CheckInParcel;
export type ParcelOf<K extends Parcel["kind"]> = Extract<Parcel, { kind: K }>;

const KINDS: { [K in Parcel["kind"]]: Kind<ParcelOf<K>> } = { hazard, suggestion, answer, reopen, response, visit, checkIn };

/** What is said of the kind of this parcel. */
export const kindOf = <P extends Parcel>(parcel: P): Kind<P> => KINDS[parcel.kind] as unknown as Kind<P>;

/** Whether it is of that kind. */
export const isOf = <K extends Parcel["kind"]>(kind: K, parcel: Parcel): parcel is ParcelOf<K> => parcel.kind === kind;

/** The page of a submission that has arrived. */
export const DETAIL_PAGES: Record<Submission["kind"], string> = {
  hazard: "/pages/hazard/detail",
  suggestion: "/pages/suggestion/detail",
};

/** Whether nothing was written or photographed. */
export const isBlank = (parcel: Parcel): boolean =>
  parcel.photos.length === 0 && kindOf(parcel).words(parcel).every((text) => !text.trim());
