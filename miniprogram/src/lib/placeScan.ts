import { openPlace } from "@/api/calls";
import type { Located } from "@/api/types";
import { readPlaceCode } from "@/lib/places";
import { Problem } from "@/api/problem";

/** Scan a code that says where one is, or type it where nothing can be scanned; null after a change of mind. Throws Problem. */
export async function scanPlace(): Promise<Located | null> {
  const said = await askForCode();
  if (said === null) return null;
  const code = readPlaceCode(said);
  if (!code) throw new Problem(0, "no_place_code", "这不是点位码，自己写一下地点就行。");
  return openPlace(code);
}

function askForCode(): Promise<string | null> {
  // #ifdef H5
  return new Promise((resolve) => {
    uni.showModal({
      title: "输入点位码",
      editable: true,
      placeholderText: "二维码下面的 8 位",
      confirmText: "填上",
      success: ({ confirm, content }) => resolve(confirm ? (content ?? "") : null),
      fail: () => resolve(null),
    });
  });
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.scanCode({ success: ({ path, result }) => resolve(path || result || ""), fail: () => resolve(null) });
  });
  // #endif
}
