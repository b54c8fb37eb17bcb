import { reactive } from "vue";

/** Whether the phone believes it has a network. Requests decide in the end. */
export const network = reactive({ online: true });

/** Keep `network` up to date; call `back` each time the signal returns. */
export function watchNetwork(back: () => void): void {
  const note = (online: boolean): void => {
    const returned = online && !network.online;
    network.online = online;
    if (returned) back();
  };
  // #ifdef H5
  note(navigator.onLine); // the browser's own events: uni-app's miss some on desktop browsers
  window.addEventListener("online", () => note(true));
  window.addEventListener("offline", () => note(false));
  // #endif
  // #ifndef H5
  uni.getNetworkType({ success: (result) => note(result.networkType !== "none") });
  uni.onNetworkStatusChange((result) => note(result.isConnected));
  // #endif
}
