import { offline } from "@/api/problem";
import { noteUnderWay, server, type Reply } from "@/api/transport";
import { gone as missing, pathOf, photoBlob } from "@/platform/photos";

const TIMEOUT = 90_000; // ms: what takes longer goes better in pieces

interface About {
  said?: Record<string, string>; // what else the form says
  name?: string;
  gone?(bytes: number): void; // so many have left the phone
}

/** Send one kept photo or document as multipart `file`. Throws Problem if no answer came or it is not there any more. */
export async function postPhoto(path: string, key: string, token: string, { said = {}, name = "photo", gone = () => undefined }: About = {}): Promise<Reply> {
  // #ifdef H5
  const blob = await photoBlob(key);
  if (!blob) throw missing();
  const form = new FormData();
  for (const [what, value] of Object.entries(said)) form.append(what, value);
  form.append("file", blob, name);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing of what has left
    request.open("POST", server() + path);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.timeout = TIMEOUT;
    request.upload.onprogress = ({ loaded }) => gone(loaded);
    request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) });
    request.onerror = request.ontimeout = request.onabort = () => reject(offline());
    request.send(form);
    noteUnderWay(request);
  });
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    const task = uni.uploadFile({
      url: server() + path,
      filePath: pathOf(key),
      name: "file",
      formData: said,
      header: { Authorization: `Bearer ${token}` },
      timeout: TIMEOUT,
      success: (result) => resolve({ status: result.statusCode, body: parsed(result.data) }),
      fail: (error) => {
        reject(/no such file|file not found/i.test(error.errMsg ?? "") ? missing() : offline());
      },
    });
    task.onProgressUpdate(({ totalBytesSent }) => gone(totalBytesSent));
    noteUnderWay(task);
  });
  // #endif
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
