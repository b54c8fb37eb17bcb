/** The words that are written on a photo: when, and where. */
import { kindOf, type Parcel } from "@/kinds/index";
import type { KeptPhoto } from "@/kinds/parcel";
import { stamp } from "@/lib/stamp";
import { dayKey } from "@/lib/time";
import { momentOf } from "@/lib/uuid7";

const SHANGHAI_OFFSET = 8 * 3600 * 1000;
const clock = (moment: number): string => new Date(moment + SHANGHAI_OFFSET).toISOString().slice(11, 16);

/** None if nobody wants them, or the report has no place; of a report by nobody the day alone, which is all that the union is told of it. */
export function linesFor(parcel: Parcel, photo: KeptPhoto, shot: KeptPhoto["shot"]): string[] {
  const about = stamp.isOn ? kindOf(parcel).stamp(parcel) : null;
  if (!about) return [];
  const taken = Date.parse(shot?.taken_at ?? "");
  const moment = Number.isNaN(taken) ? momentOf(photo.drawn?.clean.key ?? photo.key) : taken;
  if (about.isDayOnly) return [dayKey(moment)];
  return [`${dayKey(moment)} ${clock(moment)} ${Number.isNaN(taken) ? /* as is */ "记录" : /* as is */ "拍摄"}`, about.place].filter(Boolean);
}
