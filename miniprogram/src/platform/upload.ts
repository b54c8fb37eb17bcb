import { offline } from "@/api/problem";
import { server } from "@/api/transport";
import { gone, pathOf, photoBlob } from "@/platform/photos";

const TIMEOUT = 180_000; // ms: a small photo on a bad line; larger ones go in pieces

/** Send one kept photo or document as multipart `file`, with what else the form says. Throws Problem if no answer came or it is gone. */
export async function postPhoto(
  path: string, key: string, said: Record<string, string>, token: string, name = "photo",
): Promise<{ status: number; body: unknown }> {
  // #ifdef H5
  const blob = await photoBlob(key);
  if (!blob) throw gone();
  const form = new FormData();
  for (const [what, value] of Object.entries(said)) form.append(what, value);
  form.append("file", blob, name);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(server() + path, { method: "POST", body: form, headers, signal: stop.signal });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch {
    throw offline();
  } finally {
    clearTimeout(timer);
  }
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.uploadFile({
      url: server() + path,
      filePath: pathOf(key),
      name: "file",
      formData: said,
      header: { Authorization: `Bearer ${token}` },
      timeout: TIMEOUT,
      success: (result) => resolve({ status: result.statusCode, body: parsed(result.data) }),
      fail: (error) => {
        reject(/no such file|file not found/i.test(error.errMsg ?? "") ? gone() : offline());
      },
    });
  });
  // #endif
}

// #ifndef H5
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
// #endif
