/** Whether somebody lets check-ins say that they are near the venue: by their own switch, off until they turn it on. */
import type { Coordinates } from "@/api/types";
import { locate } from "@/platform/location";

const KEY = "training.where";
const PATIENCE = 4_000; // ms: a code holds for 15 seconds

export const saysWhere = (): boolean => uni.getStorageSync(KEY) === true;

export function sayWhere(on: boolean): void {
  uni.setStorageSync(KEY, on);
}

/** Where the phone is; null unless it was allowed, and where it cannot be told soon: nobody is kept from checking in. */
export function nearby(): Promise<Coordinates | null> {
  if (!saysWhere()) return Promise.resolve(null);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));
  return Promise.race([locate().catch(() => null), late]);
}
