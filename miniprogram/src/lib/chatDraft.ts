/** Links from the official account's chat, `<draft id>.<key>`: kept over a sign-in that comes between. */
const KEY = "chat.link";
const LINK = /^([0-9a-f]{8}-[0-9a-f-]{27})\.([A-Za-z0-9_-]{1,64})$/;

export interface ChatLink {
  id: string;
  key: string;
}

/** What the link says; null if it is none. */
export function parseLink(text: string): ChatLink | null {
  const [, id, key] = LINK.exec(text) ?? [];
  return id && key ? { id, key } : null;
}

export function rememberLink(text: string): void {
  if (parseLink(text)) uni.setStorageSync(KEY, text);
}

/** The link that was not opened to its end, empty if there is none. */
export function waitingLink(): string {
  return (uni.getStorageSync(KEY) as string) || "";
}

export function forgetLink(): void {
  uni.removeStorageSync(KEY);
}
