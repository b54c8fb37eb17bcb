/** What a camera wrote into a JPEG: when and where, read before the photo is made smaller, which leaves it out. */
import type { Shot } from "@/api/types";

const MOST = 256 * 1024; // bytes from the beginning in which cameras write it
const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const CHANGED_AT = 0x0132;
const TIMES: [number, number][] = [[0x9003, 0x9011], [0x9004, 0x9012]]; // (when, its offset): taken, made digital
const CHANGED_OFFSET = 0x9010;
const SHANGHAI = "+08:00"; // what a camera without an offset is taken to show, as on the server

type Value = string | number[];

/** Time and place; null where the file says nothing that makes sense. Never throws. */
export function readShot(content: ArrayBuffer): Shot | null {
  try {
    const block = exifBlock(new DataView(content, 0, Math.min(content.byteLength, MOST)));
    return block ? shotOf(block) : null;
  } catch {
    return null; // offsets that lead nowhere
  }
}

/** The TIFF structure within the file's APP1 segment. */
function exifBlock(file: DataView): DataView | null {
  if (file.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < file.byteLength;) {
    const [marker, length] = [file.getUint16(at), file.getUint16(at + 2)];
    if (marker === 0xffda || (marker & 0xff00) !== 0xff00) return null;
    if (marker === 0xffe1 && file.getUint32(at + 4) === 0x45786966) {
      return new DataView(file.buffer, file.byteOffset + at + 10, Math.min(length - 8, file.byteLength - at - 10));
    }
    at += 2 + length;
  }
  return null;
}

function shotOf(block: DataView): Shot | null {
  const little = block.getUint16(0) === 0x4949;
  const main = directory(block, block.getUint32(4, little), little);
  const detail = directory(block, pointer(main, EXIF_IFD), little);
  const gps = directory(block, pointer(main, GPS_IFD), little);
  const written: [Value | undefined, Value | undefined][] = TIMES.map(([when, offset]) => [detail.get(when), detail.get(offset)]);
  written.push([main.get(CHANGED_AT), detail.get(CHANGED_OFFSET)]);
  const taken_at = written.map(([when, offset]) => moment(when, offset)).find((each) => each !== null) ?? null;
  const latitude = degrees(gps.get(1), gps.get(2), "N", "S", 90);
  const longitude = degrees(gps.get(3), gps.get(4), "E", "W", 180);
  const isSomewhere = latitude !== null && longitude !== null && (latitude !== 0 || longitude !== 0);
  if (!taken_at && !isSomewhere) return null;
  return { taken_at, latitude: isSomewhere ? latitude : null, longitude: isSomewhere ? longitude : null };
}

const pointer = (tags: Map<number, Value>, tag: number): number => (tags.get(tag) as number[] | undefined)?.[0] ?? 0;

/** The texts, whole numbers and fractions of one directory, by tag. */
function directory(block: DataView, start: number, little: boolean): Map<number, Value> {
  const found = new Map<number, Value>();
  if (!start) return found;
  const count = block.getUint16(start, little);
  for (let entry = start + 2, left = Math.min(count, 200); left > 0; entry += 12, left -= 1) {
    const value = valueOf(block, entry, little);
    if (value !== null) found.set(block.getUint16(entry, little), value);
  }
  return found;
}

function valueOf(block: DataView, entry: number, little: boolean): Value | null {
  const type = block.getUint16(entry + 2, little);
  const count = block.getUint32(entry + 4, little);
  const size = { 2: 1, 3: 2, 4: 4, 5: 8 }[type];
  if (!size || count > 100) return null;
  const at = size * count > 4 ? block.getUint32(entry + 8, little) : entry + 8;
  if (type === 2) return text(block, at, count);
  const read = (place: number): number =>
    type === 3 ? block.getUint16(place, little)
    : type === 4 ? block.getUint32(place, little)
    : block.getUint32(place, little) / block.getUint32(place + 4, little);
  return Array.from({ length: count }, (_, index) => read(at + index * size));
}

function text(block: DataView, at: number, count: number): string {
  let found = "";
  for (let index = 0; index < count && block.getUint8(at + index); index += 1) found += String.fromCharCode(block.getUint8(at + index));
  return found;
}

function moment(when: Value | undefined, offset: Value | undefined): string | null {
  const [, year = "", month, day, time] = /^(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d:\d\d:\d\d)/.exec(String(when ?? "")) ?? [];
  const zone = /^([+-]\d\d:\d\d|Z)/.exec(String(offset ?? ""))?.[0] ?? SHANGHAI;
  const said = `${year}-${month}-${day}T${time}${zone}`;
  return Number(year) >= 2000 && Number(year) < 2100 && !Number.isNaN(Date.parse(said)) ? said : null;
}

function degrees(side: Value | undefined, value: Value | undefined, positive: string, negative: string, limit: number): number | null {
  const parts = Array.isArray(value) ? value : [];
  const [whole = NaN, minutes = NaN, seconds = NaN] = parts;
  const found = whole + minutes / 60 + seconds / 3600;
  if ((side !== positive && side !== negative) || !(found >= 0 && found <= limit)) return null;
  return Math.round((side === positive ? found : -found) * 1e7) / 1e7;
}
