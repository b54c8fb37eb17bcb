/** The way in: first the consent, then the sign-in, then the page that was asked for. */
import { canSignIn, session, signInAs, tellConsent } from "@/api/session";
import { goOn, rememberWay, wayBackFromWechat } from "@/lib/returning";
import { CONSENT_PAGE, hasAgreed, hasRefused } from "@/platform/privacy";

export const BROWSE_PAGE = "/pages/browse/index";
export const SIGN_IN_PAGE = "/pages/profile/sign-in";

/** `?demo=worker-2` in the address chooses a demo worker (H5 on this machine only). */
function chosenDemo(): string | null {
  // #ifdef H5
  return /[?&]demo=(worker-[1-9][0-9]?)\b/.exec(location.href)?.[1] ?? null;
  // #endif
  // #ifndef H5
  return null;
  // #endif
}

async function enterDemo(): Promise<void> {
  const demo = chosenDemo();
  if (demo) await signInAs(demo).catch(() => undefined);
}

/** Where whoever cannot sign in settles it: with the consent first, which may just have turned out to be too old. */
const nextDoor = (): string => (hasAgreed() ? SIGN_IN_PAGE : CONSENT_PAGE);

let going = "";

/** Leave everything for that page; once, when two ask for it at the same moment. */
function leaveFor(url: string): void {
  if (going === url) return;
  going = url;
  uni.reLaunch({ url, complete: () => (going = "") });
}

/** At launch, `path` asked for: it opens if nothing is to be settled before. */
export async function open(path: string): Promise<void> {
  rememberWay(path);
  if (!hasAgreed()) {
    leaveFor(hasRefused() ? BROWSE_PAGE : CONSENT_PAGE);
    return;
  }
  await enterDemo();
  if (!canSignIn() && !path.startsWith("/pages/profile/wechat")) leaveFor(nextDoor());
}

/** The address is no page, old or mistyped, and would stay blank: home, if nothing is to be settled before. */
export async function openHome(): Promise<void> {
  await open("");
  if (hasAgreed() && canSignIn()) leaveFor("/pages/home/index");
}

/** Something needs the consent, or a sign-in, that is not there: ask, and come back afterwards. */
export function askFirst(page: "consent" | "sign-in"): void {
  const shown = getCurrentPages().at(-1) as { $page?: { fullPath?: string } } | undefined;
  rememberWay(shown?.$page?.fullPath ?? "");
  session.needsConsent = session.needsSignIn = false;
  leaveFor(page === "consent" ? (hasRefused() ? BROWSE_PAGE : CONSENT_PAGE) : SIGN_IN_PAGE);
}

/** The person has just agreed. */
export async function goOnAgreed(): Promise<void> {
  await enterDemo();
  if (canSignIn()) await tellConsent().catch(() => undefined); // signed in before: the server hears of it now, or when it asks
  const wechat = wayBackFromWechat();
  if (wechat) leaveFor(wechat);
  else if (canSignIn()) goOn();
  else leaveFor(nextDoor());
}
