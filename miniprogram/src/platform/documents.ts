/** Documents in and out: from the phone's files or a chat, and to whatever the phone opens them with. */
import { absolute } from "@/api/transport";
import type { Chosen } from "@/platform/camera";
// #ifdef H5
import { pickFiles } from "@/platform/files";
// #endif

const TIMEOUT = 60_000; // ms

export type Document = Chosen & { name: string };

/** Let somebody choose up to `count` files. Empty if they changed their mind. */
export function chooseDocuments(count: number): Promise<Document[]> {
  // #ifdef H5
  return pickFiles(count > 1).then((files) => files.slice(0, count).map((file) => ({ source: file, size: file.size, name: file.name })));
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    wx.chooseMessageFile({
      count,
      type: "all",
      success: ({ tempFiles }) => resolve(tempFiles.map(({ path, size, name }) => ({ source: path, size, name }))),
      fail: () => resolve([]),
    });
  });
  // #endif
}

/** Open a document outside of the page. False if it could not be fetched. */
export function openDocument(url: string, name: string): Promise<boolean> {
  // #ifdef H5
  const link = document.createElement("a");
  link.href = absolute(url); // the server lets it be saved only
  link.download = name;
  link.click();
  return Promise.resolve(true);
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.downloadFile({
      url: absolute(url),
      timeout: TIMEOUT,
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode !== 200) return resolve(false);
        const fileType = /\.(\w{1,5})$/.exec(name)?.[1]?.toLowerCase();
        uni.openDocument({ filePath: tempFilePath, fileType, showMenu: true, success: () => resolve(true), fail: () => resolve(false) });
      },
      fail: () => resolve(false),
    });
  });
  // #endif
}
