/** Photos made ready to go: a smaller copy first, with what the camera wrote said beside it, and the original kept to follow. */
import type { KeptPhoto } from "@/kinds/parcel";
import { readShot } from "@/lib/exif";
import { uuid7 } from "@/lib/uuid7";
import { sha256Hex } from "@/lib/sha256";
import type { Chosen } from "@/platform/camera";
import { headOf, keepPhoto } from "@/platform/photos";
import { smallCopy, THRIFTY_COPY, USUAL_COPY } from "@/platform/shrink";
import { signal } from "@/platform/signal";

/** What is to go out of a photo just chosen, and what was written into it; null if it is small, or cannot be made smaller. */
export async function copied(whole: Chosen): Promise<{ copy: Chosen; shot?: KeptPhoto["shot"] } | null> {
  const copy = await smallCopy(whole, signal.isThrifty ? THRIFTY_COPY : USUAL_COPY);
  if (!copy) return null;
  return { copy, shot: readShot(await headOf(whole.source).catch(() => new ArrayBuffer(0))) ?? undefined };
}

/** Undefined if the phone has no room for it: the copy is what counts. */
export async function keptOriginal(whole: Chosen): Promise<KeptPhoto["original"]> {
  const key = uuid7();
  try {
    const content = await keepPhoto(key, whole.source);
    // #ifdef H5
    return { key, size: content.byteLength, sha256: await sha256Hex(content) };
    // #endif
    // #ifndef H5
    return { key, size: content.byteLength }; // the hash would take seconds here, and WeChat's own are MD5 and SHA-1
    // #endif
  } catch {
    return undefined;
  }
}
