/** What everything that waits on the phone to be sent has in common: plain data, so that it can be stored as it is. */
import type { Coordinates, PhotoDeclared, Shot } from "@/api/types";
import type { Mark } from "@/drawing/marks";

export interface KeptPhoto {
  key: string; // under which platform/photos keeps it
  sha256: string;
  size: number; // bytes
  name?: string; // of a document, as its owner knows it
  field?: string; // of a form, to which it belongs
  shot?: Shot; // what the camera wrote, where this is a copy without it
  original?: { key: string; size: number; sha256?: string }; // what it was made of, to follow; absent: it is as it was taken
  marks?: Mark[]; // that the worker wants on it
  drawn?: Drawn; // what is on it by now
  video?: { seconds: number; poster: string }; // it is a video: how long, 0 where this phone cannot tell, and the key of a frame, if there is one
}

/** A photo that was drawn on. */
export interface Drawn {
  clean: { key: string; size: number; sha256: string }; // the same without, until it is sent
  shows: string; // see showing() in outbox/drawn.ts
  isStamped: boolean; // with time and place
}

export interface Place {
  enterpriseId: string | null; // null: somewhere else
  enterpriseName: string;
  areaId: string | null;
  areaName: string;
  text: string;
  coordinates: Coordinates | null;
  isSmall?: boolean; // so few work at the enterprise that a report may give away who sent it
  code?: string; // of the place, as it hangs there: scanned, or chosen among those that are registered
  isOpen?: boolean; // begun before it was known who reports: at their enterprise, once it is, unless they choose
}

export interface Common {
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
  isPaused?: boolean; // the worker holds it back for now
  byAnyLine?: boolean; // its video goes on a paid line too, though the worker saves data
  delivered?: string; // what an earlier version said that has arrived whole
}

export function fresh(id: string, now: number): Common {
  return {
    id, owner: "", createdAt: now, photos: [], state: "editing", declared: false, arrived: [], attempts: 0, nextTryAt: 0, problem: null,
  };
}

const has = (photo: KeptPhoto, ...kinds: Mark["kind"][]): boolean => Boolean(photo.marks?.some(({ kind }) => kinds.includes(kind)));

/** What follows a photo; nothing if it shows whom the worker made unrecognisable. */
export const originalOf = (photo: KeptPhoto): KeptPhoto["original"] => (has(photo, "blur") ? undefined : photo.original);

/** Everything that the phone keeps of a photo, by key. */
export const keysOf = ({ key, drawn, original, video }: KeptPhoto): string[] =>
  [...new Set([key, drawn?.clean.key, original?.key, video?.poster])].filter(Boolean) as string[];

/** What there is of it to look at, by key; empty for a video without a frame. */
export const pictureOf = ({ key, video }: KeptPhoto): string => (video ? video.poster : key);

/** What a copy leaves out is said beside it, and what was drawn on it; of what is as it was taken nothing more, as ever. */
export const declaration = (photos: KeptPhoto[]): PhotoDeclared[] =>
  photos.map((photo) => {
    const { sha256, size, shot, drawn } = photo;
    if (photo.video) return { sha256, size, kind: "video" };
    const original = originalOf(photo);
    const edits: PhotoDeclared["edits"] = [];
    if (has(photo, "blur")) edits.push("blur");
    if (has(photo, "arrow", "circle")) edits.push("marks");
    if (drawn?.isStamped) edits.push("stamp");
    return {
      sha256, size,
      ...(shot && { shot }),
      ...(original && { original: { size: original.size, ...(original.sha256 && { sha256: original.sha256 }) } }),
      ...(edits.length && { edits }),
    };
  });
