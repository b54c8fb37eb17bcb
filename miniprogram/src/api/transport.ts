/** Requests as they go out, of whatever path; `request.ts` knows which there are. */
import { offline } from "@/api/problem";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Reply {
  status: number;
  body: unknown;
}

export const server = (): string => {
  // #ifdef H5
  return "";
  // #endif
  // #ifndef H5
  return import.meta.env.VITE_SERVER ?? "http://127.0.0.1:8000";
  // #endif
};

/** A signed photo link as it can be shown: uni-app would take a bare path as one of its own assets. */
export function absolute(url: string): string {
  let origin = server();
  // #ifdef H5
  origin = location.origin;
  // #endif
  return url.startsWith("/") ? origin + url : url;
}

const TIMEOUT = 20_000; // ms; photos get their own

/** One request, and whatever was answered. Throws Problem if nothing was. */
export function send(method: Method, path: string, body: object | undefined, token: string | null): Promise<Reply> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: server() + path,
      method: method as UniApp.RequestOptions["method"],
      data: body === undefined ? undefined : JSON.stringify(body),
      header: { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      timeout: TIMEOUT,
      success: (result) => resolve({ status: result.statusCode, body: result.data }),
      fail: () => reject(offline()),
    });
  });
}

const PIECE_TIMEOUT = 60_000; // ms: the smallest piece at a kilobit a second

let underWay: { abort(): void } | undefined;

/** Bytes that go now, and may be stopped. */
export const noteUnderWay = (task: { abort(): void }): void => void (underWay = task);

/** Bytes as they are. Throws Problem if nothing was answered. */
export function sendBytes(path: string, bytes: ArrayBuffer, token: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const task = uni.request({
      url: server() + path,
      method: "PUT",
      data: bytes,
      header: { "Content-Type": "application/octet-stream", Authorization: `Bearer ${token}` },
      timeout: PIECE_TIMEOUT,
      success: (result) => resolve({ status: result.statusCode, body: result.data }),
      fail: () => reject(offline()),
    });
    noteUnderWay(task);
  });
}

/** Nobody wants the bytes any more that are under way. */
export const stopBytes = (): void => underWay?.abort();
