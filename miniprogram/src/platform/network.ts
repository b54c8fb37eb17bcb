import { reactive } from "vue";

/** Whether the phone believes it has a network. Requests decide in the end. */
export const network = reactive({ online: true, wifi: false }); // wifi: as far as the platform says; Safari does not

interface Connection extends EventTarget {
  type?: string;
}

/** Keep `network` up to date; call `back` each time the signal returns, or is free of charge again. */
export function watchNetwork(back: () => void): void {
  const note = (online: boolean, wifi = network.wifi): void => {
    const returned = online && (!network.online || (wifi && !network.wifi)); // what waits for Wi-Fi goes on at once
    Object.assign(network, { online, wifi });
    if (returned) back();
  };
  // #ifdef H5
  note(navigator.onLine); // the browser's own events: uni-app's miss some on desktop browsers
  window.addEventListener("online", () => note(true));
  window.addEventListener("offline", () => note(false));
  const connection = (navigator as { connection?: Connection }).connection;
  const noteKind = (): void => note(navigator.onLine, connection?.type === "wifi" || connection?.type === "ethernet");
  noteKind();
  connection?.addEventListener("change", noteKind);
  // #endif
  // #ifndef H5
  const noteType = (isConnected: boolean, type: string): void => note(isConnected, type === "wifi");
  uni.getNetworkType({ success: ({ networkType }) => noteType(networkType !== "none", networkType) });
  uni.onNetworkStatusChange(({ isConnected, networkType }) => noteType(isConnected, networkType));
  // #endif
}
