import { sha256 } from "@noble/hashes/sha2";

import type { DrawDetail } from "@/api/types";
import { served } from "@/i18n/language";
import { dayText, momentText } from "@/lib/time";
import { toHex } from "@/lib/uuid7";

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0)); // the mini program has no TextEncoder
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/** Whether this phone comes to the same hash as the one that stands in the published list. */
export function isOwnHash(entry: NonNullable<DrawDetail["my_entry"]>): boolean {
  return toHex(sha256(ascii(`${entry.salt}:${entry.person_id}`))) === entry.hash;
}

/** Whether the seed that was revealed is the one whose hash was published before the close. */
export function isPromisedSeed(seed: string, seedHash: string): boolean {
  return toHex(sha256(bytesOf(seed))) === seedHash;
}

type Told = Pick<DrawDetail, "status" | "status_text" | "closes_at" | "entrants_hash" | "is_entered" | "drawn_at" | "public_value_due_on">;

const isClosed = (draw: Told, now: Date): boolean => now.getTime() >= Date.parse(draw.closes_at);
const hasCome = (day: string, now: Date): boolean => now.getTime() >= Date.parse(`${day}T00:00:00+08:00`);

/** Where the draw stands now. */
export function stageText(draw: Told, now: Date): string {
  if (draw.status === "committed" && isClosed(draw, now)) return "竞赛已结束，名单就要定下";
  if (draw.status === "frozen" && hasCome(draw.public_value_due_on, now)) return "名单已定，公开数值登记、核对后开奖";
  return draw.drawn_at ? `${served(draw.status_text)}，${momentText(draw.drawn_at, now)}` : served(draw.status_text);
}

/** When the contest closes, or that it has. */
export function closeText(draw: Told, now: Date): string {
  const moment = momentText(draw.closes_at, now);
  if (isClosed(draw, now)) return `竞赛${moment}已结束`;
  return draw.status === "cancelled" ? `竞赛${moment}结束，这次抽奖已取消` : `竞赛${moment}结束，之后才抽`;
}

/** The day of a public value, and whether it is still to come; a draw that is over waits for none. */
export function valueDayText(day: string, draw: Pick<Told, "status">, now: Date): string {
  const isOver = draw.status === "drawn" || draw.status === "cancelled";
  return isOver || hasCome(day, now) ? dayText(day, now) : `${dayText(day, now)}才有`;
}

/** Whether one takes part, before the list of entrants stands; null when there is nothing to say. */
export function entryText(draw: Told, now: Date): { well: boolean; text: string } | null {
  if (draw.status === "cancelled") return null;
  if (draw.is_entered) return { well: true, text: "你已通过全部关卡，名单定下时会有你。" };
  if (isClosed(draw, now)) return { well: false, text: "竞赛已经结束，你没有通过全部关卡，不参加这次抽奖。" };
  return { well: false, text: "通过全部关卡，就能参加抽奖。" };
}
