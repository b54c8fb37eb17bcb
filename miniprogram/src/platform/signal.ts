/** How much of the line a worker lets us use. */
import { reactive } from "vue";

const THRIFTY = "signal.thrifty";

/** `isThrifty`: smaller copies, and originals on Wi-Fi alone. */
export const signal = reactive({ isThrifty: uni.getStorageSync(THRIFTY) === true });

export function setThrifty(isThrifty: boolean): void {
  signal.isThrifty = isThrifty;
  uni.setStorageSync(THRIFTY, isThrifty);
}
