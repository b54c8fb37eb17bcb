import type { Coordinates } from "@/api/types";

/** Where the phone is now, WGS-84. Throws Error with words for the worker. */
export function locate(): Promise<Coordinates> {
  return new Promise((resolve, reject) => {
    uni.getLocation({
      type: "wgs84",
      success: (result) =>
        resolve({ latitude: result.latitude, longitude: result.longitude, datum: "wgs84", accuracy: result.accuracy ?? null }),
      fail: () => reject(new Error("没有定位成功，写清地点就行。")),
    });
  });
}
