/** Asking for a point on the map of the H5 page: the page below asks, the one with the map answers. */
import type { Coordinates } from "@/api/types";
import { CONSENT_PAGE, hasAgreed } from "@/platform/privacy";

interface Question {
  at: Coordinates;
  answer: (moved: Coordinates | null) => void;
}

let asked: Question | null = null;

/** Look at the point on the map and move it; null if it was left as it was. Whoever has not agreed to what the policy says of the map is asked first. */
export function moveOnPage(at: Coordinates): Promise<Coordinates | null> {
  answerPoint(null);
  if (!hasAgreed()) {
    uni.navigateTo({ url: CONSENT_PAGE });
    return Promise.resolve(null);
  }
  return new Promise((answer) => {
    asked = { at, answer };
    uni.navigateTo({ url: "/pages/hazard/point", fail: () => answerPoint(null) });
  });
}

/** Which point is asked about; null for whoever came here by an address alone. */
export const pointAsked = (): Coordinates | null => asked?.at ?? null;

export function answerPoint(moved: Coordinates | null): void {
  asked?.answer(moved);
  asked = null;
}
