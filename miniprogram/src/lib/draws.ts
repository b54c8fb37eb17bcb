import { sha256 } from "@noble/hashes/sha2";

import type { DrawDetail } from "@/api/types";
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
