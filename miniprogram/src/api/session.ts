import { reactive } from "vue";

import { problemFrom, type Problem } from "@/api/problem";
import { accepted, callOpenly, request } from "@/api/request";
import { forgetKept } from "@/lib/kept";
import { KEY as PLACES } from "@/lib/places";
import { agreedVersion, forgetAgreement, hasAgreed } from "@/platform/privacy";
import type { Me, Session, SignInWays, SmsCode } from "@/api/types";

const TOKEN = "session.token";
const DEMO = "session.demo";
const ME = "session.me";
const RECEIPT = "session.receipt"; // the code of whoever reports without an account; on this phone until they leave
const TOLD = "session.consent"; // whose consent to which policy the server has

/** Who is signed in, as last heard from the server; kept on the phone so that the form can be filled in without signal. */
export const session = reactive<{ me: Me | null; receipt: string; needsSignIn: boolean; needsConsent: boolean }>({
  me: readMe(), receipt: uni.getStorageSync(RECEIPT) as string, needsSignIn: false, needsConsent: false,
});

function readMe(): Me | null {
  return (uni.getStorageSync(ME) as Me | "") || null;
}

export function rememberMe(me: Me | null): void {
  if (session.me && session.me.id !== me?.id) forgetKept();
  session.me = me;
  if (me) uni.setStorageSync(ME, me);
  else uni.removeStorageSync(ME);
}

let pending: Promise<string> | null = null;

/** The token in hand, or a new one. Throws Problem. */
export async function tokenNow(): Promise<string> {
  checkConsent();
  const token = uni.getStorageSync(TOKEN) as string;
  return token || signInAgain();
}

/** Sign in anew; several callers at once share one attempt, because a login code is good once. Throws Problem. */
export async function signInAgain(): Promise<string> {
  checkConsent();
  pending ??= signIn().finally(() => {
    pending = null;
  });
  return pending;
}

/** Nobody is recognised, and nothing is sent, before they have agreed. Throws Problem. */
function checkConsent(): void {
  if (hasAgreed()) return;
  session.needsConsent = true;
  throw problemFrom(403, { error: { code: "consent_needed", message: "请先看过并同意隐私说明，再继续。", fields: {}, request_id: "" } });
}

/** Let the server keep that whoever is signed in has agreed; once for each person and policy. Throws Problem. */
export async function tellConsent(): Promise<void> {
  const told = `${session.me?.id} ${agreedVersion()}`;
  const token = uni.getStorageSync(TOKEN) as string;
  if (!token || !hasAgreed() || uni.getStorageSync(TOLD) === told) return;
  await orAskAnew(request(token, "put", "/api/v1/me/consent", { body: { version: agreedVersion() } }).then(accepted));
  uni.setStorageSync(TOLD, told);
}

/** What was agreed to here does not hold any more: there is a wider policy since. Throws what it throws. */
async function orAskAnew<T>(telling: Promise<T>): Promise<T> {
  return telling.catch((problem: unknown) => {
    if ((problem as Problem).code === "consent_outdated") {
      forgetAgreement();
      session.needsConsent = true;
    }
    throw problem;
  });
}

/** The server misses the consent: it could not be told yet, or it was taken back on another phone. Throws Problem. */
export async function consentAgain(): Promise<string> {
  const isTold = uni.getStorageSync(TOLD) === `${session.me?.id} ${agreedVersion()}`;
  if (isTold) {
    uni.removeStorageSync(TOLD);
    forgetAgreement();
  }
  const token = await tokenNow();
  await tellConsent();
  return token;
}

async function signIn(): Promise<string> {
  uni.removeStorageSync(TOKEN);
  if (session.receipt) {
    const found = await callOpenly("post", "/api/v1/receipts/open", { body: { code: session.receipt } });
    uni.setStorageSync(TOKEN, found.token);
    return found.token;
  }
  const { status, body } = await request(null, "post", "/api/v1/session", { body: { code: await loginCode() } });
  if (status !== 200) {
    // #ifdef H5
    session.needsSignIn = status === 401 || status === 403;
    // #endif
    throw problemFrom(status, body);
  }
  const { token, person } = body as Session;
  uni.setStorageSync(TOKEN, token);
  session.needsSignIn = false;
  rememberMe(person);
  await tellConsent().catch(() => undefined); // else when the server asks
  return token;
}

/** WeChat's login code; on the H5 page the demo code that was chosen on the sign-in page. */
async function loginCode(): Promise<string> {
  // #ifdef H5
  const code = uni.getStorageSync(DEMO) as string;
  if (!code) {
    session.needsSignIn = true;
    throw problemFrom(401, { error: { code: "sign_in_needed", message: "请先登录。", fields: {}, request_id: "" } });
  }
  return code;
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.login({
      success: (result) => resolve(result.code),
      fail: () => reject(problemFrom(0, null)),
    });
  });
  // #endif
}

/** How one may sign in on the H5 page, from this machine. Throws Problem. */
export const getWays = (): Promise<SignInWays> => callOpenly("get", "/api/v1/sign-in/ways");

/** Have a code sent to a phone. Throws Problem. */
export async function sendCode(phone: string): Promise<SmsCode> {
  checkConsent();
  return callOpenly("post", "/api/v1/sign-in/sms-codes", { body: { phone } });
}

/** Sign in by the code that came. Throws Problem. */
export async function signInByCode(id: string, phone: string, code: string): Promise<void> {
  checkConsent();
  await enter(await callOpenly("post", "/api/v1/sign-in/sms", { body: { id, phone, code } }));
}

/** Take the token after the way to WeChat's page and back; this browser's cookie tells who it is for. Throws Problem. */
export async function signInFromWechat(): Promise<void> {
  checkConsent();
  await enter(await callOpenly("post", "/api/v1/sign-in/wechat"));
}

/** Begin without an account: from now on the code of the receipt is who one is. Throws Problem. */
export async function takeReceipt(): Promise<void> {
  checkConsent();
  const { code, token, person } = await orAskAnew(
    callOpenly("post", "/api/v1/receipts", { body: { version: agreedVersion() } }),
  );
  holdReceipt(code, token, person);
}

/** Come back by the code of a receipt. Throws Problem. */
export async function openReceipt(typed: string): Promise<void> {
  checkConsent();
  const { token, person } = await callOpenly("post", "/api/v1/receipts/open", { body: { code: typed } });
  const plain = typed.toUpperCase().replace(/[^0-9A-Z]/g, "");
  holdReceipt(plain.replace(/(.{4})(?=.)/g, "$1-"), token, person);
}

function holdReceipt(code: string, token: string, person: Me): void {
  uni.removeStorageSync(DEMO);
  rememberMe(null); // at once: nothing of another's may go out under it
  uni.setStorageSync(RECEIPT, code);
  session.receipt = code;
  uni.setStorageSync(TOKEN, token);
  uni.setStorageSync(TOLD, `${person.id} ${agreedVersion()}`); // the server noted the consent with the receipt
  session.needsSignIn = false;
  rememberMe(person);
}

function dropReceipt(): void {
  uni.removeStorageSync(RECEIPT);
  session.receipt = "";
}

async function enter({ token, person }: Session): Promise<void> {
  dropReceipt();
  uni.removeStorageSync(DEMO);
  if (session.me?.id !== person.id) rememberMe(null); // at once: nothing of the other's may go out under the new name
  uni.setStorageSync(TOKEN, token);
  session.needsSignIn = false;
  rememberMe(person);
  await tellConsent().catch(() => undefined); // else when the server asks
}

/** Choose a demo worker (H5 on this machine only) and sign in. Throws Problem. */
export async function signInAs(worker: string): Promise<void> {
  const code = `demo:${worker}`;
  dropReceipt();
  if (uni.getStorageSync(DEMO) !== code) rememberMe(null); // at once: nothing of the other's may go out under the new name
  uni.setStorageSync(DEMO, code);
  await signInAgain();
}

/** End the session here and on the server; drafts stay on the phone. */
export async function signOut(): Promise<void> {
  const token = uni.getStorageSync(TOKEN) as string;
  uni.removeStorageSync(TOKEN);
  uni.removeStorageSync(DEMO);
  uni.removeStorageSync(TOLD);
  uni.removeStorageSync(PLACES);
  dropReceipt();
  forgetAgreement();
  rememberMe(null);
  if (token) await request(token, "delete", "/api/v1/session").catch(() => undefined);
}

/** Whether somebody may call the server: with their consent always in WeChat, after a choice on the H5 page. */
export function canSignIn(): boolean {
  if (!hasAgreed()) return false;
  // #ifdef H5
  return Boolean(uni.getStorageSync(TOKEN) || uni.getStorageSync(DEMO));
  // #endif
  // #ifndef H5
  return true;
  // #endif
}
