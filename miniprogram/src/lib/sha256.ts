import { sha256 } from "@noble/hashes/sha2";

import { toHex } from "@/lib/uuid7";

const STEP = 512 * 1024;

/** SHA-256 of a photo in hexadecimal, computed in steps so that the page keeps answering while it runs. */
export async function sha256Hex(content: ArrayBuffer): Promise<string> {
  const bytes = new Uint8Array(content);
  const hash = sha256.create();
  for (let start = 0; start < bytes.length; start += STEP) {
    hash.update(bytes.subarray(start, start + STEP));
    if (start + STEP < bytes.length) await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  return toHex(hash.digest());
}
