/** Whether time and place are written on the photos of a report before it goes: as this phone's owner last said. */
import { reactive } from "vue";

const STORE = "photo.stamp";

export const stamp = reactive({ isOn: uni.getStorageSync(STORE) === true });

export function setStamp(isOn: boolean): void {
  stamp.isOn = isOn;
  uni.setStorageSync(STORE, isOn);
}
