/** Photos that are drawn on: the copy that goes out is made anew of the clean one whenever something else is to stand on it. */
import type { Mark } from "@/drawing/marks";
import { linesFor } from "@/drawing/lines";
import { paintLines, paintMarks } from "@/drawing/paint";
import type { Parcel } from "@/kinds/index";
import type { KeptPhoto } from "@/kinds/parcel";
import { readShot } from "@/lib/exif";
import { sha256Hex } from "@/lib/sha256";
import { uuid7 } from "@/lib/uuid7";
import { edited, keepInRoom, save } from "@/outbox/outbox";
import { painted } from "@/platform/canvas";
import { forgetPhoto, partOf } from "@/platform/photos";

const HEAD = 256 * 1024; // bytes in which cameras write when and where

const showing = (marks: Mark[], lines: string[]): string => (marks.length || lines.length ? JSON.stringify([marks, lines]) : "");

/** The key under which a photo goes by whatever is drawn on it. */
export const cleanKeyOf = ({ key, drawn }: KeptPhoto): string => drawn?.clean.key ?? key;

const marksOf = ({ drawn }: KeptPhoto): Mark[] => (drawn ? (JSON.parse(drawn.shows) as [Mark[], string[]])[0] : []);

/** The worker wants just these marks on it: written down at once, the app may be killed under the finger. The copy with them comes with `setMarks`. */
export function noteMarks(parcel: Parcel, photo: KeptPhoto, marks: Mark[]): void {
  if (showing(marks, []) === showing(photo.marks ?? [], [])) return;
  photo.marks = marks.length ? [...marks] : undefined;
  edited(parcel);
}

/** The same, and the copy with them is there when the promise is kept. */
export async function setMarks(parcel: Parcel, photo: KeptPhoto, marks: Mark[]): Promise<void> {
  noteMarks(parcel, photo, marks);
  if (showing(marks, []) === showing(marksOf(photo), [])) return;
  await inTurn(async () => draw(parcel, photo, await wordsOn(parcel, photo)));
}

/** When and where it was taken: as was read before it was made smaller, or stands in it still. */
async function shotOf({ key, size, shot, original, drawn }: KeptPhoto): Promise<KeptPhoto["shot"]> {
  if (shot || original || drawn) return shot;
  return readShot(await partOf(key, 0, Math.min(HEAD, size)).catch(() => new ArrayBuffer(0))) ?? undefined;
}

/** What the worker wants written on it. */
export const wordsOn = async (parcel: Parcel, photo: KeptPhoto): Promise<string[]> => linesFor(parcel, photo, await shotOf(photo));

/** Before it is sent. Throws if something that hides or shows a thing cannot be drawn; words alone are left out then. */
export const drawAll = (parcel: Parcel): Promise<void> =>
  inTurn(async () => {
    for (const photo of parcel.photos.filter(({ video }) => !video)) {
      await draw(parcel, photo, await wordsOn(parcel, photo)).catch((thrown) => {
        if (photo.marks) throw thrown;
        return draw(parcel, photo, []);
      });
    }
  });

/** What may be written has changed: copies that show words of before are made anew at once. What fails is made anew before it is sent. */
export const drawWordsAnew = (parcel: Parcel): Promise<void> =>
  inTurn(async () => {
    for (const photo of parcel.photos.filter(({ drawn }) => drawn?.isStamped)) {
      await draw(parcel, photo, await wordsOn(parcel, photo)).catch(() => undefined);
    }
  });

/** What the worker drew is on it, and no word of when and where: for a machine to look at. `use` gets the key under which it is kept meanwhile. */
export async function withoutWords<T>(photo: KeptPhoto, use: (key: string) => Promise<T>): Promise<T> {
  const [clean, marks] = [cleanKeyOf(photo), photo.marks ?? []];
  if (!marks.length) return use(clean);
  const { key } = await inTurn(() => kept(clean, marks, []));
  try {
    return await use(key);
  } finally {
    await forgetPhoto(key).catch(() => undefined);
  }
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: the editor may still be at work when the report is to go. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => undefined);
  return mine;
}

async function draw(parcel: Parcel, photo: KeptPhoto, lines: string[]): Promise<void> {
  const marks = photo.marks ?? [];
  const shows = showing(marks, lines);
  if (shows === (photo.drawn?.shows ?? "")) return;
  const before = photo.drawn && photo.key;
  const { key, size, sha256 } = photo.drawn?.clean ?? photo;
  const clean = { key, size, sha256 };
  if (!shows) {
    if (photo.original?.key === key) photo.original = undefined; // it is itself as it was taken, again
    Object.assign(photo, { ...clean, drawn: undefined });
  } else {
    const [shot, copy] = [await shotOf(photo), await kept(key, marks, lines)]; // the copy says nothing of when and where
    Object.assign(photo, copy, { shot, drawn: { clean, shows, isStamped: lines.length > 0 }, original: photo.original ?? clean });
  }
  save(parcel);
  if (before) await forgetPhoto(before).catch(() => undefined);
}

/** The clean photo with all that drawn on it, kept under a key of its own. */
async function kept(clean: string, marks: Mark[], lines: string[]): Promise<{ key: string; size: number; sha256: string }> {
  const { source } = await painted(clean, ({ context, ...size }) => {
    paintMarks(context, size, marks);
    paintLines(context, size, lines);
  });
  const key = uuid7();
  const content = await keepInRoom(key, source);
  return { key, size: content.byteLength, sha256: await sha256Hex(content) };
}
