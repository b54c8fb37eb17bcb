import { Problem } from "@/api/problem";
import type { Coordinates } from "@/api/types";
// #ifdef H5
import { moveOnPage } from "@/map/point";
// #endif
import { refusalOf, refusalText, tellRefusal } from "@/platform/refusal";

/** Where the map opens: at a point in its own datum, else where the phone is. */
const startOf = (at: Coordinates): { latitude?: number; longitude?: number } =>
  at.datum === "gcj02" ? { latitude: at.latitude, longitude: at.longitude } : {};

/** Look at the point on the map and move it; null if it was left as it was. WeChat's speaks GCJ-02. */
export function moveOnMap(at: Coordinates): Promise<Coordinates | null> {
  // #ifdef H5
  return moveOnPage(at); // uni's own would weigh on everybody's first load, and asks a provider of its choice
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.chooseLocation({
      ...startOf(at),
      success: ({ latitude, longitude }) => resolve({ latitude: Number(latitude), longitude: Number(longitude), datum: "gcj02", accuracy: null }),
      fail: (failure) => {
        const refusal = refusalOf(failure as { errMsg?: string });
        if (refusal) tellRefusal("place", refusal);
        resolve(null);
      },
    });
  });
  // #endif
}

/** How far off a point may be, in words. */
export function accuracyText({ accuracy }: Coordinates): string {
  if (accuracy === null || accuracy === undefined) return "已定位";
  if (accuracy > 200) return `定位不准，误差约${accuracy < 1000 ? `${Math.round(accuracy / 10) * 10}米` : "1公里以上"}，写清地点更好`;
  return `已定位，误差约${Math.max(1, Math.round(accuracy))}米`;
}

/** Where the phone is now, WGS-84. Throws Problem with words for the worker. */
export function locate(): Promise<Coordinates> {
  return new Promise((resolve, reject) => {
    uni.getLocation({
      type: "wgs84",
      success: (result) =>
        resolve({ latitude: result.latitude, longitude: result.longitude, datum: "wgs84", accuracy: result.accuracy ?? null }),
      fail: (failure) => {
        const refusal = refusalOf(failure as { errMsg?: string });
        if (refusal) tellRefusal("place", refusal);
        reject(new Problem(0, "no_position", refusal ? refusalText("place", refusal) : "没有定位成功，写清地点就行。"));
      },
    });
  });
}
