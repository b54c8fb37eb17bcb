/** A suggestion how work could be safer. */
import type { SuggestionIn } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { declaration, fresh, type Common } from "@/kinds/parcel";

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

export function newSuggestion(id: string, now: number): SuggestionParcel {
  return {
    kind: "suggestion", category: "", title: "", presentState: "", proposal: "", benefit: "", coAuthors: [], mayPublish: true,
    ...fresh(id, now),
  };
}

/** What is still missing before it can be sent, in words; null when nothing is. */
export function missingInSuggestion(parcel: SuggestionParcel): string | null {
  if (!parcel.category) return "选一下是哪一类建议";
  if (parcel.title.trim().length < 2) return "写个标题";
  if (parcel.proposal.trim().length < 5) return "写一下怎么改";
  if (parcel.coAuthors.some((person) => !person.name.trim())) return "写上共同建议人的姓名";
  if (parcel.coAuthors.some((person) => person.phone && !/^1\d{10}$/.test(person.phone))) return "共同建议人的手机号不对";
  return null;
}

function suggestionBody(parcel: SuggestionParcel): SuggestionIn {
  return {
    category: parcel.category,
    title: parcel.title.trim(),
    present_state: parcel.presentState.trim(),
    proposal: parcel.proposal.trim(),
    benefit: parcel.benefit.trim(),
    enterprise_id: null,
    co_authors: parcel.coAuthors.map(({ name, phone }) => ({ name: name.trim(), phone: phone || null })),
    photos: declaration(parcel.photos),
    may_publish: parcel.mayPublish,
  };
}

export const suggestion: Kind<SuggestionParcel> = {
  ...USUAL,
  isSubmission: true,
  isSweptAway: true,
  settlesQuestion: false,
  body: suggestionBody,
  declare: (parcel, wires) => wires.putSuggestion(parcel.id, suggestionBody(parcel)),
  title: (parcel) => parcel.title.trim() || "还没写完的建议",
  page: (parcel) => `/pages/suggestion/form?id=${parcel.id}`,
  words: (parcel) => [parcel.title, parcel.presentState, parcel.proposal, parcel.benefit],
};
