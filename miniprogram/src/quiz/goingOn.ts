/** Whether the next question comes by itself once one is answered. Kept on this phone; on unless it was switched off. */
const KEY = "quiz.going_on";

export const isGoingOn = (): boolean => uni.getStorageSync(KEY) !== false;

export function setGoingOn(value: boolean): void {
  uni.setStorageSync(KEY, value);
}
