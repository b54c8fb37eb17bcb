import { reactive } from "vue";

/** Whether the phone believes it has a network. Requests decide in the end. */
export const network = reactive({ online: true });

/** Keep `network` up to date; call `back` each time the signal returns. */
export function watchNetwork(back: () => void): void {
  uni.getNetworkType({ success: (result) => (network.online = result.networkType !== "none") });
  uni.onNetworkStatusChange((result) => {
    const returned = result.isConnected && !network.online;
    network.online = result.isConnected;
    if (returned) back();
  });
}
