import { Problem } from "@/api/problem";
import type { Coordinates } from "@/api/types";
import { refusalOf, refusalText, tellRefusal } from "@/platform/refusal";

/** Where the phone is now, WGS-84. Throws Problem with words for the worker. */
export function locate(): Promise<Coordinates> {
  return new Promise((resolve, reject) => {
    uni.getLocation({
      type: "wgs84",
      success: (result) =>
        resolve({ latitude: result.latitude, longitude: result.longitude, datum: "wgs84", accuracy: result.accuracy ?? null }),
      fail: (failure) => {
        const refusal = refusalOf(failure as { errMsg?: string });
        if (refusal) tellRefusal("位置", refusal);
        reject(new Problem(0, "no_position", refusal ? refusalText("位置", refusal) : "没有定位成功，写清地点就行。"));
      },
    });
  });
}
