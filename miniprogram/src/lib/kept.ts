/** What the server last said, kept on this phone to be read without a signal: so much of it, and gone when its reader signs out. */
const INDEX = "kept.index";
const MOST = 80; // pages

interface Entry {
  key: string;
  at: number; // ms since 1970
}

const load = (): Entry[] => (uni.getStorageSync(INDEX) as Entry[] | "") || [];

/** What stands under a key, and when it was heard; null for the time of what an earlier version kept. */
export function recall<T>(key: string): { value: T; at: number | null } | null {
  const value = uni.getStorageSync(key) as T | "";
  return value ? { value, at: load().find((entry) => entry.key === key)?.at ?? null } : null;
}

/** Keep it as it is now. Never throws: what it is for has been shown already, and a full phone has other cares. */
export function retain(key: string, value: unknown, at: number): void {
  const entries = [{ key, at }, ...load().filter((entry) => entry.key !== key)];
  for (const old of entries.splice(MOST)) uni.removeStorageSync(old.key);
  try {
    uni.setStorageSync(key, JSON.parse(JSON.stringify(value)));
    uni.setStorageSync(INDEX, entries);
  } catch {
    uni.removeStorageSync(key); // what stood there is older than what was just seen
  }
}

/** Whoever read it has left. */
export function forgetKept(): void {
  for (const { key } of load()) uni.removeStorageSync(key);
  uni.removeStorageSync(INDEX);
}
