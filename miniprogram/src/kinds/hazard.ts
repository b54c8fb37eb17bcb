/** A hazard, photographed. */
import type { HazardIn } from "@/api/types";
import { USUAL, type Kind } from "@/kinds/kind";
import { declaration, fresh, type Common, type Place } from "@/kinds/parcel";

export interface HazardParcel extends Common {
  kind: "hazard";
  category: string;
  description: string;
  place: Place;
  isAnonymous?: boolean; // the enterprise does not see the name; absent in drafts of earlier versions
  isDirect?: boolean; // past the enterprise, straight to the union above it; only with the name hidden
  sameAs?: string; // what somebody else has sent of the same thing: a reviewer lays these photos with it
}

export function newHazard(id: string, now: number, place: Place): HazardParcel {
  return { kind: "hazard", category: "", description: "", place, isAnonymous: false, ...fresh(id, now) };
}

/** What is still missing before it can be sent, in words; null when nothing is. */
export function missing(parcel: HazardParcel): string | null {
  if (parcel.photos.length === 0) return "先拍一张照片";
  if (!parcel.category) return "选一下是哪一类隐患";
  if (!parcel.place.text.trim() && !parcel.place.coordinates) return "写一下在哪里";
  return null;
}

export function hazardBody(parcel: HazardParcel): HazardIn {
  const { place } = parcel;
  const isDirect = Boolean(parcel.isDirect && parcel.isAnonymous && place.enterpriseId);
  return {
    category: parcel.category,
    description: parcel.description.trim(),
    place: place.text.trim(),
    coordinates: place.coordinates,
    enterprise_id: place.enterpriseId,
    location_code: place.enterpriseId ? place.code : undefined,
    area_id: place.enterpriseId ? null : place.areaId,
    photos: declaration(parcel.photos),
    is_anonymous: Boolean(parcel.isAnonymous),
    is_direct: isDirect,
    same_as: isDirect ? null : (parcel.sameAs ?? null),
  };
}

export const hazard: Kind<HazardParcel> = {
  ...USUAL,
  isSubmission: true,
  isSweptAway: true,
  settlesQuestion: false,
  body: hazardBody,
  declare: (parcel, wires) => wires.putHazard(parcel.id, hazardBody(parcel)),
  title: (parcel, categoryName) => categoryName(parcel.category) || "还没选类别的隐患",
  page: (parcel) => `/pages/hazard/form?id=${parcel.id}`,
  words: (parcel) => [parcel.description],
  place: (parcel) => parcel.place,
  stamp: ({ place, isAnonymous }) => ({ place: `${place.enterpriseName} ${place.text.trim()}`.trim(), isDayOnly: Boolean(isAnonymous) }),
  owned: ({ place }, me) => {
    if (place.isOpen && !place.areaId && me.enterprise) Object.assign(place, { enterpriseId: me.enterprise.id, enterpriseName: me.enterprise.name });
    delete place.isOpen;
  },
  hidesTime: (parcel) => Boolean(parcel.isAnonymous),
};
