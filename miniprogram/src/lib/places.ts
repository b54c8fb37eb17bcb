/** Where one often reports from, kept on this phone; and the codes that hang on machines and walls. */
import type { Place } from "@/kinds/parcel";
import { readScene } from "@/lib/returning";

export const KEY = "places.recent";
const MOST = 8;
const CODE = /^[2-9A-HJKMNP-Z]{8}$/;

/** An enterprise as it is chosen. */
export interface NamedEnterprise {
  id: string;
  name: string;
  is_small: boolean;
}

export type NamedPlace = Omit<Place, "coordinates">;

interface Kept {
  owner: string; // whose they are: the next person at this phone sees nothing of them
  items: NamedPlace[];
}

/** The places that `owner` named last, the latest first. */
export function recentPlaces(owner: string): NamedPlace[] {
  const kept = uni.getStorageSync(KEY) as Kept | "";
  return kept && owner && kept.owner === owner ? kept.items : [];
}

/** Offer it the next time. Nothing is kept of whoever hides their name. */
export function rememberPlace(owner: string, { enterpriseId, enterpriseName, areaId, areaName, text, code, isSmall }: Place): void {
  const place = { enterpriseId, enterpriseName, areaId, areaName, text: text.trim(), ...(code && { code }), ...(isSmall && { isSmall }) };
  if (!owner || (!place.text && !enterpriseId)) return;
  const isSame = (other: NamedPlace): boolean => other.enterpriseId === enterpriseId && other.areaId === areaId && other.text === place.text;
  const items = [place, ...recentPlaces(owner).filter((other) => !isSame(other))].slice(0, MOST);
  uni.setStorageSync(KEY, { owner, items } satisfies Kept);
}

/** A place to tap, with the code that hangs there if one is known. */
export interface PlaceHint {
  text: string;
  code?: string;
}

/** What was named last at an enterprise, or in an area. */
export function hintsAt(places: NamedPlace[], { enterpriseId, areaId }: Place): PlaceHint[] {
  return places.filter((each) => each.text && each.enterpriseId === enterpriseId && each.areaId === areaId).map(({ text, code }) => ({ text, code }));
}

/** Each place once, in order, with its code if either knows it. */
export function joined(recent: PlaceHint[], registered: PlaceHint[]): PlaceHint[] {
  const codes = new Map([...recent, ...registered].filter(({ code }) => code).map(({ text, code }) => [text, code]));
  return [...new Set([...recent, ...registered].map(({ text }) => text))].map((text) => ({ text, code: codes.get(text) }));
}

/** The enterprises among them but one's own, each once. */
export function enterprisesOf(places: NamedPlace[], own: string | undefined): NamedEnterprise[] {
  const found = new Map<string, NamedEnterprise>();
  for (const { enterpriseId: id, enterpriseName: name, isSmall } of places) if (id && id !== own) found.set(id, { id, name, is_small: Boolean(isSmall) });
  return [...found.values()];
}

/** The code of what was scanned (a link of ours, or what WeChat makes of it) or typed; null for anything else. */
export function readPlaceCode(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const link = /\/pages\/hazard\/place\?(?:.*&)?scene=([^&#]+)/.exec(decoded(text));
  const code = link ? readScene(link[1], "p") : (readScene(text, "p") ?? text.replace(/[\s-]/g, "").toUpperCase());
  return code && CODE.test(code) ? code : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a broken escape
  }
}

/** The page that says where a code hangs. */
export const placePage = (code: string): string => `/pages/hazard/place?scene=${encodeURIComponent(`p=${code}`)}`;
