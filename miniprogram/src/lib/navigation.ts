/** To the page before, or home where there is none: the app may have been opened here. */
export const goBack = (): void => void uni.navigateBack({ fail: () => uni.switchTab({ url: "/pages/home/index" }) });
