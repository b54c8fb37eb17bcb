const LINK = /^([0-9a-f]{8}-[0-9a-f-]{27})\.([A-Za-z0-9_-]{1,64})$/;

export interface ChatLink {
  id: string;
  key: string;
}

/** What a link from the official account's chat says, `<draft id>.<key>`; null if it is none. */
export function parseLink(text: string): ChatLink | null {
  const [, id, key] = LINK.exec(text) ?? [];
  return id && key ? { id, key } : null;
}
