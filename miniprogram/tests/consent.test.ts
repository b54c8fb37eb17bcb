import { beforeEach, describe, expect, it, vi } from "vitest";

const VERSION_KEY = "privacy.agreed";
const storage = new Map<string, unknown>();
const requests: string[] = [];
const answers: Record<string, { status: number; body: unknown }[]> = {};
const relaunched: string[] = [];

/** What the server says to each request, in turn; else that all is well. */
function request({ url, method, data, header, success }: {
  url: string; method: string; data?: string; header: Record<string, string>;
  success: (result: { statusCode: number; data: unknown }) => void;
}): void {
  const name = `${method} ${url.replace("http://127.0.0.1:8000", "")}`;
  requests.push(header.Authorization ? `${name} ${header.Authorization.slice(7)}` : name);
  const said = answers[name]?.shift() ?? usual(name, data);
  setTimeout(() => success({ statusCode: said.status, data: said.body }), 0);
}

function usual(name: string, data?: string): { status: number; body: unknown } {
  if (name === "POST /api/v1/session") return { status: 200, body: { token: "token-1", person: { id: (JSON.parse(data ?? "{}") as { code: string }).code } } };
  return { status: 200, body: {} };
}

const refusal = { status: 403, body: { error: { code: "consent_needed", message: "请先看过并同意隐私说明，再继续。", fields: {}, request_id: "r" } } };

vi.stubGlobal("uni", {
  getStorageSync: (key: string) => storage.get(key) ?? "",
  setStorageSync: (key: string, value: unknown) => storage.set(key, value),
  removeStorageSync: (key: string) => storage.delete(key),
  request,
  reLaunch: ({ url }: { url: string }) => relaunched.push(url),
  switchTab: ({ url }: { url: string }) => relaunched.push(url),
});
const ORIGIN = "https://example.org";
vi.stubGlobal("location", { href: `${ORIGIN}/h5/`, origin: ORIGIN, hash: "" });

async function start() {
  vi.resetModules();
  return {
    ...(await import("@/api/session")), ...(await import("@/api/client")), ...(await import("@/platform/privacy")),
    ...(await import("@/lib/opening")), ...(await import("@/lib/returning")),
  };
}

beforeEach(() => {
  storage.clear();
  requests.length = relaunched.length = 0;
  for (const key of Object.keys(answers)) delete answers[key];
});

describe("consent", () => {
  it("comes before every sign-in and every call: nothing is sent without it", async () => {
    const app = await start();
    storage.set("session.demo", "demo:worker-1");
    storage.set("session.token", "left-over");
    for (const attempt of [
      () => app.call("get", "/api/v1/me"), () => app.signInAs("worker-1"), () => app.signInFromWechat(),
      () => app.sendCode("13800138000"), () => app.signInByCode("c-1", "13800138000", "123456"),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ code: "consent_needed" });
    }
    expect(app.session.needsConsent).toBe(true);
    expect(app.canSignIn()).toBe(false);
    expect(requests).toEqual([]);
  });

  it("is told to the server once for each person, and the next person at the phone is asked anew", async () => {
    const app = await start();
    app.answerPrivacy(true, "2026-12");
    await app.signInAs("worker-1");
    await app.signInAs("worker-1");
    const told = requests.filter((name) => name.startsWith("PUT /api/v1/me/consent"));
    expect(told).toEqual(["PUT /api/v1/me/consent token-1"]);
    await app.signOut();
    expect(app.hasAgreed()).toBe(false);
    app.answerPrivacy(true, "2026-12");
    await app.signInAs("worker-2");
    expect(requests.filter((name) => name.startsWith("PUT /api/v1/me/consent"))).toHaveLength(2);
  });

  it("is told when the server asks for it, if it could not be told before", async () => {
    const app = await start();
    app.answerPrivacy(true, "2026-12");
    answers["PUT /api/v1/me/consent"] = [{ status: 503, body: {} }];
    await app.signInAs("worker-1");
    answers["PUT /api/v1/submissions/h-1/follow"] = [refusal];
    await app.call("put", "/api/v1/submissions/{submission_id}/follow", { path: { submission_id: "h-1" }, body: {} });
    expect(requests.slice(-3)).toEqual(["PUT /api/v1/submissions/h-1/follow token-1", "PUT /api/v1/me/consent token-1", "PUT /api/v1/submissions/h-1/follow token-1"]);
  });

  it("that was taken back on another phone is asked for anew, never given by the program", async () => {
    const app = await start();
    app.answerPrivacy(true, "2026-12");
    await app.signInAs("worker-1");
    answers["PUT /api/v1/submissions/h-1/follow"] = [refusal];
    await expect(app.call("put", "/api/v1/submissions/{submission_id}/follow", { path: { submission_id: "h-1" }, body: {} })).rejects.toMatchObject({ code: "consent_needed" });
    expect(app.session.needsConsent).toBe(true);
    expect(app.hasAgreed()).toBe(false);
    expect(requests.filter((name) => name.startsWith("PUT /api/v1/me/consent"))).toHaveLength(1);
  });
});

describe("a new version of the policy", () => {
  it("that widens is asked about at the next opening; one that does not leaves the consent alone", async () => {
    const app = await start();
    app.answerPrivacy(true, "2026-12");
    app.noteHolding(["2027-01-05", "2026-12"]);
    expect(app.hasAgreed()).toBe(true);
    app.noteHolding(["2027-02-01"]);
    expect(app.hasAgreed()).toBe(false);
    await app.open("/pages/home/index");
    expect(relaunched).toEqual(["/pages/profile/consent"]);
  });

  it("that the phone has not heard of is asked about when the server says that the consent is outdated", async () => {
    const app = await start();
    app.answerPrivacy(true, "2026-12");
    answers["PUT /api/v1/me/consent"] = [{ status: 409, body: { error: { code: "consent_outdated", message: "m", fields: {}, request_id: "r" } } }];
    await app.signInAs("worker-1");
    expect(app.hasAgreed()).toBe(false);
    expect(app.session.needsConsent).toBe(true);
  });

  it("that is heard of only when signing in leads to the question, not to a sign-in that cannot go on", async () => {
    const app = await start();
    app.answerPrivacy(true, "2026-12");
    answers["PUT /api/v1/me/consent"] = [{ status: 409, body: { error: { code: "consent_outdated", message: "m", fields: {}, request_id: "r" } } }];
    location.href = `${location.origin}/h5/?demo=worker-1`;
    await app.open("/pages/home/index");
    location.href = `${location.origin}/h5/`;
    expect(relaunched).toEqual(["/pages/profile/consent"]);
  });
});

describe("the way in", () => {
  it("leads past the consent to the sign-in and then to the draft of the chat's link", async () => {
    const app = await start();
    const draft = "/pages/hazard/draft?d=01a20ae1-8e1a-7b2c-9d3e-0123456789ab.a-K_9";
    await app.open(draft);
    expect(relaunched).toEqual(["/pages/profile/consent"]);
    app.answerPrivacy(true, "2026-12");
    await app.goOnAgreed();
    expect(relaunched.at(-1)).toBe("/pages/profile/sign-in");
    await app.signInAs("worker-1");
    app.goOn();
    expect(relaunched.at(-1)).toBe(draft);
  });

  it("goes back to where WeChat's page ends only with the consent", async () => {
    const app = await start();
    await app.open("/pages/profile/wechat");
    expect(relaunched).toEqual(["/pages/profile/consent"]);
    app.answerPrivacy(true, "2026-12");
    await app.goOnAgreed();
    expect(relaunched.at(-1)).toBe("/pages/profile/wechat");
  });

  it("leads whoever said no to what one may see without, and does not ask by itself again", async () => {
    const app = await start();
    app.answerPrivacy(false);
    await app.open("/pages/profile/binding?scene=e=LANHAI01");
    expect(relaunched).toEqual(["/pages/browse/index"]);
    expect(requests).toEqual([]);
  });

  it("is open at once for somebody who has agreed and is signed in", async () => {
    storage.set(VERSION_KEY, "2026-12");
    storage.set("session.token", "token-1");
    await (await start()).open("/pages/home/index");
    expect(relaunched).toEqual([]);
  });
});
