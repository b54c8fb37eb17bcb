import { offline } from "@/api/problem";
import { server } from "@/api/transport";
import type { Chosen } from "@/platform/camera";

const TIMEOUT = 60_000; // ms

/** Fetch a picture, or a sound, that only its owner may have. Throws Problem if no answer came. */
export async function getPicture(path: string, token: string): Promise<{ status: number; body: Chosen | unknown }> {
  const header = { Authorization: `Bearer ${token}` };
  // #ifdef H5
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const response = await fetch(server() + path, { headers: header, signal: stop.signal });
    if (!response.ok) return { status: response.status, body: await response.json().catch(() => null) };
    const blob = await response.blob();
    return { status: 200, body: { source: blob, size: blob.size } };
  } catch {
    throw offline();
  } finally {
    clearTimeout(timer);
  }
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.downloadFile({
      url: server() + path,
      header,
      timeout: TIMEOUT,
      success: ({ statusCode, tempFilePath }) => {
        if (statusCode !== 200) return resolve({ status: statusCode, body: null });
        uni.getFileSystemManager().getFileInfo({
          filePath: tempFilePath,
          success: ({ size }) => resolve({ status: 200, body: { source: tempFilePath, size } }),
          fail: () => reject(offline()),
        });
      },
      fail: () => reject(offline()),
    });
  });
  // #endif
}
