const KEY = "session.return";
const PAGES = /^\/pages\/((profile\/(scan|binding)|hazard\/place)\?scene=[A-Za-z0-9%=_-]{1,64}|hazard\/draft\?d=[A-Za-z0-9._-]{1,110})$/;

/** Keep where somebody was led by a scanned code or a link in the chat, while they sign in first. Other pages are found again from the home page. */
export function rememberWay(path: string): void {
  if (PAGES.test(path)) uni.setStorageSync(KEY, path);
  if (FROM_WECHAT.test(path)) uni.setStorageSync(WECHAT_KEY, path);
}

const FROM_WECHAT = /^\/pages\/profile\/wechat(\?fault=[a-z_]{1,40})?$/;
const WECHAT_KEY = "session.wechat";

/** The page at which the way to WeChat ends, if it was asked for before the consent was there. Told once. */
export function wayBackFromWechat(): string | null {
  const path = uni.getStorageSync(WECHAT_KEY) as string;
  uni.removeStorageSync(WECHAT_KEY);
  return FROM_WECHAT.test(path) ? path : null;
}

/** Go on after signing in: to the page that the code or the link was for, else home. */
export function goOn(): void {
  const path = uni.getStorageSync(KEY) as string;
  uni.removeStorageSync(KEY);
  if (PAGES.test(path)) uni.reLaunch({ url: path });
  else uni.switchTab({ url: "/pages/home/index" });
}

/** What a scanned code says: the kind before the sign and the value after it, `e=LANHAI01` of an invitation, `p=` of a place. */
export function readScene(scene: unknown, kind: "e" | "s" | "p"): string | null {
  if (typeof scene !== "string") return null;
  try {
    const [found, value] = decodeURIComponent(scene).split("=");
    return found === kind && value ? value : null;
  } catch {
    return null; // a broken escape
  }
}
