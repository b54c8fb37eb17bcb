import { reactive } from "vue";

import { getPrivacy } from "@/api/calls";
import type { Privacy } from "@/api/types";
import { noteHolding } from "@/platform/privacy";

/** Who runs the service, where complaints go, its filing number: asked for once. */
export const imprint = reactive<{ now: Privacy | null }>({ now: null });
let asked: Promise<void> | null = null;

export function readImprint(): Promise<void> {
  asked ??= getPrivacy().then(
    (found) => {
      imprint.now = found;
      noteHolding(found.holding);
    },
    () => void (asked = null), // without signal: when it is needed next
  );
  return asked;
}
