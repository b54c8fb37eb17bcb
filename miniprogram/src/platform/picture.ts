/** Saving and sharing a picture of ours: into the phone's album in the mini program, as a download on the H5 page. */

export type Saved = "saved" | "refused" | "failed";

/** Keep the picture on the phone; `name` is the file's on the H5 page. */
export async function savePicture(url: string, name: string): Promise<Saved> {
  // #ifdef H5
  try {
    const response = await fetch(url);
    if (!response.ok) return "failed";
    const address = URL.createObjectURL(await response.blob());
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    return keepPicture(address, name);
  } catch {
    return "failed";
  }
  // #endif
  // #ifndef H5
  const filePath = await download(url);
  return filePath ? keepPicture(filePath, name) : "failed";
  // #endif
}

/** The same of one that is here: its address on the H5 page, its path in the mini program. */
export function keepPicture(here: string, name: string): Promise<Saved> {
  // #ifdef H5
  const link = document.createElement("a");
  Object.assign(link, { href: here, download: name }).click();
  return Promise.resolve("saved");
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.saveImageToPhotosAlbum({
      filePath: here,
      success: () => resolve("saved"),
      fail: (error: { errMsg?: string }) => resolve(/cancel|auth/i.test(error.errMsg ?? "") ? "refused" : "failed"),
    });
  });
  // #endif
}

// #ifdef MP-WEIXIN
/** WeChat's menu for sending the picture to a friend or a group. False if it could not be fetched. */
export async function sharePicture(url: string): Promise<boolean> {
  const path = await download(url);
  if (!path) return false;
  wx.showShareImageMenu({ path });
  return true;
}
// #endif

// #ifndef H5
/** Where the file lies for now; empty if it could not be fetched. */
function download(url: string): Promise<string> {
  return new Promise((resolve) => {
    uni.downloadFile({
      url,
      success: (result) => resolve(result.statusCode === 200 ? result.tempFilePath : ""),
      fail: () => resolve(""),
    });
  });
}
// #endif
