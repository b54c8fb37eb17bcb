/** How large type is: as the phone's owner set it for all of the phone, larger for who chose large type here. Styles use `--type` alone. */
import { computed, reactive } from "vue";

const USUAL = 16; // px: what phones and browsers begin with
const MOST = 2; // beyond twice the size, words of four no longer fit beside anything
const ELDER = 1.3;
const KEY = "face.isElder";

export const face = reactive({ phone: 1, isElder: uni.getStorageSync(KEY) === true });

/** How many times larger than usual: never smaller, since the smallest type of ours can be read only just. */
export const typeScale = computed(() => Math.min(MOST, Math.max(1, face.phone, face.isElder ? ELDER : 1)));

/** Look how large the phone's owner wants type, who may have changed it since. */
export function readTypeSize(): void {
  // #ifdef H5
  // Measured, both ways: a browser that enlarges all type by itself, as WeChat's does, enlarges both alike.
  const [wanted = USUAL, usual = USUAL] = ["medium", `${USUAL}px`].map((size) => {
    const probe = document.createElement("i");
    probe.style.cssText = `position:absolute;visibility:hidden;height:1em;font-size:${size}`;
    document.body.append(probe);
    const { height } = probe.getBoundingClientRect();
    probe.remove();
    return height;
  });
  face.phone = wanted / usual;
  // #endif
  // #ifndef H5
  face.phone = (wx.getAppBaseInfo().fontSizeSetting ?? USUAL) / USUAL;
  // #endif
}

export function setElder(isElder: boolean): void {
  face.isElder = isElder;
  uni.setStorageSync(KEY, isElder);
}
