/** A newer version of the mini program: WeChat fetches it by itself, and it is taken up when nothing is in hand. */
const BUSY = /^pages\/hazard\/(form|answer|reopen)|^pages\/suggestion\/form|^pages\/quiz\/(play|practice)|^tasks\/|^training\//;

function take(manager: UniApp.UpdateManager): void {
  const page = getCurrentPages().at(-1) as { route?: string } | undefined;
  if (BUSY.test(page?.route ?? "")) return; // it is taken up at the next start by itself
  uni.showModal({
    title: "有新版本", content: "重新打开就是新的，写好的都还在。", confirmText: "重新打开", cancelText: "下次再说",
    success: ({ confirm }) => confirm && manager.applyUpdate(),
  });
}

export function watchUpdates(): void {
  const manager = uni.getUpdateManager?.(); // absent in very old WeChat
  manager?.onUpdateReady(() => take(manager));
}
