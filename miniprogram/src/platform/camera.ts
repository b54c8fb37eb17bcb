/** The camera or the album: `chooseMedia` in the mini program, a file input on the H5 page. */

// #ifndef H5
import { refusalOf, tellRefusal } from "@/platform/refusal";

// #endif
export interface Chosen {
  source: string | Blob; // a path in the mini program
  size: number;
}

export type Door = "camera" | "album";

/** Let the worker take or choose up to `count` photos; without a door they are asked which. Empty if they changed their mind. */
export function choosePhotos(count: number, door?: Door): Promise<Chosen[]> {
  const sourceType: Door[] = door ? [door] : ["camera", "album"];
  // #ifdef H5
  return new Promise((resolve) => {
    uni.chooseImage({
      count,
      sizeType: ["original"],
      sourceType,
      success: (result) => resolve((result.tempFiles as File[]).slice(0, count).map((file) => ({ source: file, size: file.size }))),
      fail: () => resolve([]),
    });
  });
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.chooseMedia({
      count,
      mediaType: ["image"],
      sizeType: ["original"],
      sourceType,
      success: (result) => resolve(result.tempFiles.map((file) => ({ source: file.tempFilePath, size: file.size }))),
      fail: (failure) => {
        const refusal = refusalOf(failure as { errMsg?: string });
        if (refusal) tellRefusal("相机", refusal);
        resolve([]);
      },
    });
  });
  // #endif
}
