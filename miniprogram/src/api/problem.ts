import type { ErrorBody } from "@/api/types";
import { problemText, served } from "@/i18n/language";

/** Why a request did not succeed, in words for the worker. `code` goes in small print; `status` 0 means no answer came. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
  }

  /** No signal, a server in trouble or too many at once: the same request may succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 408 || this.status === 429;
  }

  /** The words for the field that is wrong, where one is; else the message. */
  get detail(): string {
    return Object.values(this.fields)[0] ?? this.message;
  }
}

export const offline = (): Problem => new Problem(0, "offline", "现在没有网络，等信号恢复后再试。");

/** The answer of the server as a Problem; anything that is not its error shape (a proxy's page, say) gets plain words. */
export function problemFrom(status: number, body: unknown): Problem {
  const error = isErrorShape(body) ? body.error : null;
  if (error) {
    const fields = Object.entries(error.fields ?? {}).map(([name, words]) => [name, served(words)]);
    return new Problem(status, error.code, problemText(error.code, error.message), Object.fromEntries(fields) as Record<string, string>);
  }
  const message = status >= 500 ? "服务暂时不可用，请稍后再试。" : "请求没有成功，请稍后再试。";
  return new Problem(status, `http_${status}`, message);
}

function isErrorShape(body: unknown): body is { error: ErrorBody } {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body as { error: unknown };
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}

/** Whatever was thrown, as a Problem. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(0, "unknown", "出了点问题，请再试一次。");
}
