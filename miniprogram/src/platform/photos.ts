/** Photos kept on the phone until the server has them: IndexedDB on the H5 page, saved files in the mini program. */
import { Problem } from "@/api/problem";

// #ifdef H5
const DATABASE = "suishoupai";
const STORE = "photos";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}
// #endif

/** Keep a photo just chosen under `key`; a temporary file would not survive the app. */
export async function keepPhoto(key: string, source: string | Blob): Promise<ArrayBuffer> {
  // #ifdef H5
  const blob = typeof source === "string" ? await (await fetch(source)).blob() : source;
  const content = await blob.arrayBuffer();
  // The bytes, not the File: some browsers lose the file behind a File when the page is reloaded.
  await inStore("readwrite", (store) => store.put({ content, type: blob.type }, key));
  return content;
  // #endif
  // #ifndef H5
  const files = uni.getFileSystemManager();
  const path = pathOf(key);
  await new Promise<void>((resolve, reject) => {
    files.saveFile({ tempFilePath: source as string, filePath: path, success: () => resolve(), fail: (error) => reject(error) });
  });
  return new Promise((resolve, reject) => {
    files.readFile({ filePath: path, success: (result) => resolve(result.data as ArrayBuffer), fail: (error) => reject(error) });
  });
  // #endif
}

const HEAD = 256 * 1024;

/** How many bytes a picture has that stands on the phone. */
export async function sizeOf(source: string | Blob): Promise<number> {
  // #ifdef H5
  return typeof source === "string" ? (await (await fetch(source)).blob()).size : source.size;
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    const success = ({ size }: { size: number }): void => resolve(size);
    uni.getFileSystemManager().getFileInfo({ filePath: source as string, success, fail: (error) => reject(error) });
  });
  // #endif
}

/** The first part of a photo just chosen, in which cameras write when and where. */
export const headOf = (source: string | Blob): Promise<ArrayBuffer> => bytesOf(source, 0, HEAD);

/** Some of the bytes of a file just chosen, fewer at its end. */
export async function bytesOf(source: string | Blob, position: number, length: number): Promise<ArrayBuffer> {
  // #ifdef H5
  const blob = typeof source === "string" ? await (await fetch(source)).blob() : source;
  return blob.slice(position, position + length).arrayBuffer();
  // #endif
  // #ifndef H5
  const size = await sizeOf(source);
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: source as string, position, length: Math.min(length, size - position),
      success: (result) => resolve(result.data as ArrayBuffer), fail: (error) => reject(error),
    });
  });
  // #endif
}

/** Some of the bytes of a kept photo. Throws Problem if it is not there any more. */
export async function partOf(key: string, offset: number, length: number): Promise<ArrayBuffer> {
  // #ifdef H5
  const blob = await photoBlob(key);
  if (!blob) throw gone();
  return blob.slice(offset, offset + length).arrayBuffer();
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().readFile({
      filePath: pathOf(key), position: offset, length,
      success: (result) => resolve(result.data as ArrayBuffer), fail: () => reject(gone()),
    });
  });
  // #endif
}

export const PHOTO_GONE = "photo_gone";
export const gone = (): Problem => new Problem(410, PHOTO_GONE, "手机里找不到这张照片了，请重新拍一张。");

/** An address under which the photo can be shown now. Empty if it is not there any more. */
export async function photoAddress(key: string): Promise<string> {
  // #ifdef H5
  const blob = await photoBlob(key);
  return blob ? URL.createObjectURL(blob) : "";
  // #endif
  // #ifndef H5
  return pathOf(key);
  // #endif
}

export async function forgetPhoto(key: string): Promise<void> {
  // #ifdef H5
  await inStore("readwrite", (store) => store.delete(key));
  // #endif
  // #ifndef H5
  await new Promise<void>((resolve) => {
    // unlink, not removeSavedFile: that one knows only files to which WeChat gave the name
    uni.getFileSystemManager().unlink({ filePath: pathOf(key), complete: () => resolve() });
  });
  // #endif
}

// #ifdef H5
/** The photo's bytes as a Blob, null if it is not there any more. */
export async function photoBlob(key: string): Promise<Blob | null> {
  const kept = await inStore<{ content: ArrayBuffer; type: string } | undefined>("readonly", (store) => store.get(key));
  return kept ? new Blob([kept.content], { type: kept.type }) : null;
}
// #endif

/** Where the mini program keeps the photo. */
export function pathOf(key: string): string {
  // #ifdef MP-WEIXIN
  return `${wx.env.USER_DATA_PATH}/photo-${key}`;
  // #endif
  // #ifndef MP-WEIXIN
  return key;
  // #endif
}
