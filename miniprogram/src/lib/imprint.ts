import { reactive } from "vue";

import { getPrivacy } from "@/api/calls";
import type { Privacy } from "@/api/types";

/** Who runs the service, where complaints go, its filing number: asked for once. */
export const imprint = reactive<{ now: Privacy | null }>({ now: null });
let asked: Promise<void> | null = null;

export function readImprint(): Promise<void> {
  asked ??= getPrivacy().then(
    (found) => void (imprint.now = found),
    () => void (asked = null), // without signal: when it is needed next
  );
  return asked;
}
