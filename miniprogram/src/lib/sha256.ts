import { sha256 } from "@noble/hashes/sha2";

import { toHex } from "@/lib/uuid7";

const STEP = 256 * 1024;

/** SHA-256 of a photo in hexadecimal: by the browser itself where it can, which is beside the page; else in steps, so that the page keeps
 * answering while it runs. */
export async function sha256Hex(content: ArrayBuffer): Promise<string> {
  // #ifdef H5
  const own = typeof crypto === "undefined" ? undefined : crypto.subtle; // only on pages that came by HTTPS or from this machine
  if (own) return toHex(new Uint8Array(await own.digest("SHA-256", content)));
  // #endif
  const bytes = new Uint8Array(content);
  const hash = sha256.create();
  for (let start = 0; start < bytes.length; start += STEP) {
    hash.update(bytes.subarray(start, start + STEP));
    if (start + STEP < bytes.length) await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
  return toHex(hash.digest());
}
