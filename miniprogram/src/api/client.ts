import { offline, problemFrom } from "@/api/problem";
import { consentAgain, signInAgain, tokenNow } from "@/api/session";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

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

interface Answer {
  status: number;
  body: unknown;
}

const TIMEOUT = 20_000; // ms; photos get their own

/** One request with the worker's token. A token that has run out is renewed once, silently. Throws Problem. */
export async function call<T>(method: Method, path: string, body?: object): Promise<T> {
  return withToken<T>((token) => send(method, path, body, token));
}

/** Do `attempt` with the token, and once more with a fresh one if the server does not take it. */
export async function withToken<T>(attempt: (token: string) => Promise<Answer>): Promise<T> {
  let answer = await attempt(await tokenNow());
  if (answer.status === 401) answer = await attempt(await signInAgain());
  if (answer.status === 403 && problemFrom(403, answer.body).code === "consent_needed") answer = await attempt(await consentAgain());
  if (answer.status >= 200 && answer.status < 300) return answer.body as T;
  throw problemFrom(answer.status, answer.body);
}

/** One request without any sign-in of its own: for signing in. */
export function send(method: Method, path: string, body: object | undefined, token: string | null): Promise<Answer> {
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

/** `?a=1&b=2` of what is given; empty values are left out. */
export function query(parameters: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (pairs.length === 0) return "";
  return "?" + pairs.map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join("&");
}
