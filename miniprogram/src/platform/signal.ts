/** How much of the line a worker lets us use. */
import { reactive } from "vue";

const THRIFTY = "signal.thrifty";
const WHOLE = "signal.withoutOriginals";

/** `isThrifty`: smaller copies, and originals on Wi-Fi alone; `withoutOriginals`: they do not go at all. */
export const signal = reactive({ isThrifty: uni.getStorageSync(THRIFTY) === true, withoutOriginals: uni.getStorageSync(WHOLE) === true });

export function setWithoutOriginals(withoutOriginals: boolean): void {
  signal.withoutOriginals = withoutOriginals;
  uni.setStorageSync(WHOLE, withoutOriginals);
}

export function setThrifty(isThrifty: boolean): void {
  signal.isThrifty = isThrifty;
  uni.setStorageSync(THRIFTY, isThrifty);
}
