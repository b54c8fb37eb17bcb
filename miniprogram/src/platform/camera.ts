/** The camera or the album: `chooseMedia` in the mini program, a file input on the H5 page. */

// #ifdef H5
import { pickFiles } from "@/platform/files";
// #endif
// #ifndef H5
import { refusalOf, tellRefusal } from "@/platform/refusal";

// #endif
export interface Chosen {
  source: string | Blob; // a path in the mini program
  size: number;
}

export type Door = "camera" | "album";

// #ifdef H5
const tellTooMany = (count: number, left: number): Promise<unknown> =>
  uni.showModal({ title: `这里还能放 ${count} 张`, content: `多选的 ${left} 张没有放进来，前 ${count} 张都在。`, confirmText: "知道了", showCancel: false });
// #endif

/** Let the worker take or choose up to `count` photos; without a door they are asked which. Empty if they changed their mind. */
export function choosePhotos(count: number, door?: Door): Promise<Chosen[]> {
  // #ifdef H5
  return pickFiles(count > 1, { accept: "image/*", isCamera: door === "camera" }).then(async (files) => {
    if (files.length > count) await tellTooMany(count, files.length - count);
    return files.slice(0, count).map((file) => ({ source: file, size: file.size }));
  });
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.chooseMedia({
      count,
      mediaType: ["image"],
      sizeType: ["original"],
      sourceType: door ? [door] : ["camera", "album"],
      success: (result) => resolve(result.tempFiles.map((file) => ({ source: file.tempFilePath, size: file.size }))),
      fail: (failure) => {
        const refusal = refusalOf(failure as { errMsg?: string });
        if (refusal) tellRefusal("camera", refusal);
        resolve([]);
      },
    });
  });
  // #endif
}
