/** Say something short; it goes away by itself. */
export const toast = (title: string): void => void uni.showToast({ title, icon: "none" });
