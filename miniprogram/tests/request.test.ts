import { beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";

import { addressOf, callOpenly, request } from "@/api/request";
import type { Campaign, SubmissionPage } from "@/api/types";
import type { AnswerOf } from "@/api/request";

const uni = { request: vi.fn() };
vi.stubGlobal("uni", uni);
beforeEach(() => {
  vi.clearAllMocks();
  uni.request.mockImplementation(({ success }) => success({ statusCode: 200, data: { name: "x" } }));
});

describe("a request of the document", () => {
  it("puts its values into the path, and what is given into the query", () => {
    const address = addressOf("get", "/api/v1/quizzes/{quiz_id}/leaderboard", { path: { quiz_id: "a/b" }, query: { board: "people", after: null, limit: 50 } });
    expect(address).toBe("/api/v1/quizzes/a%2Fb/leaderboard?board=people&limit=50");
    expect(addressOf("get", "/api/v1/me")).toBe("/api/v1/me");
  });

  it("goes out as WeChat wants it", async () => {
    await request("t", "post", "/api/v1/scans", { body: { code: "c" } });
    expect(uni.request.mock.calls[0]?.[0]).toMatchObject({
      method: "POST", url: expect.stringMatching(/\/api\/v1\/scans$/), data: '{"code":"c"}', header: { Authorization: "Bearer t" },
    });
  });

  it("throws what the server refuses", async () => {
    uni.request.mockImplementation(({ success }) => success({ statusCode: 503, data: "<html>" }));
    await expect(callOpenly("get", "/api/v1/campaign")).rejects.toMatchObject({ code: "http_503" });
  });
});

/** Never run: each line under the mark compiles only as long as the compiler refuses it. */
export function refused(): void {
  // @ts-expect-error no such path
  addressOf("get", "/api/v1/nothing");
  // @ts-expect-error no such verb there
  addressOf("post", "/api/v1/me");
  // @ts-expect-error the value of the path is missing
  addressOf("get", "/api/v1/draws/{draw_id}");
  // @ts-expect-error another name
  addressOf("get", "/api/v1/draws/{draw_id}", { path: { id: "x" } });
  // @ts-expect-error the query has no such board
  addressOf("get", "/api/v1/quizzes/{quiz_id}/leaderboard", { path: { quiz_id: "x" }, query: { board: "nobody" } });
  // @ts-expect-error the body is missing
  addressOf("post", "/api/v1/scans");
  // @ts-expect-error the body is another one
  addressOf("post", "/api/v1/scans", { body: { text: "x" } });
  // @ts-expect-error nothing is sent along there
  addressOf("get", "/api/v1/me", { body: {} });
}

describe("the answers of the document", () => {
  it("are what their path and verb promise", () => {
    expectTypeOf<AnswerOf<"get", "/api/v1/campaign">>().toEqualTypeOf<Campaign>();
    expectTypeOf<AnswerOf<"get", "/api/v1/submissions">>().toEqualTypeOf<SubmissionPage>();
    expectTypeOf<AnswerOf<"get", "/api/v1/submissions">>().not.toEqualTypeOf<Campaign>();
  });
});
