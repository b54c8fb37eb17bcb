/** What the phone does not let us do: told in words, with the way to the settings. */

/** Where it was refused: `here`, for this mini program or page; `phone`, for WeChat as a whole or switched off on the phone. */
export type Refusal = "here" | "phone";
type What = "camera" | "place";

interface Failure {
  errMsg?: string;
  errno?: number;
}

/** Whether a call failed because it was not allowed; null for a change of mind and for everything else. */
export function refusalOf({ errMsg = "" }: Failure): Refusal | null {
  if (/system permission|system deny|SWITCHOFF|location service|not authorized by system/i.test(errMsg)) return "phone";
  if (/auth den|auth deny|authorize|permission denied|denied geolocation|scope unauthorized/i.test(errMsg)) return "here";
  return null;
}

const nameOf = (what: What): string => (what === "camera" ? "相机" : "位置");

/** “没有相机权限…”, and what to do about it. */
export function refusalText(what: What, refusal: Refusal): string {
  const done = what === "camera" ? "打开以后再拍；也可以从相册里选" : "打开以后再定位；不定位也行，写清地点就好";
  const name = nameOf(what);
  return refusal === "phone" ? `手机没有让微信用${name}，或者${name}关着。去手机设置里打开，${done}。` : `你之前没有允许用${name}。${done}。`;
}

/** Say it, and lead to the settings where the platform can. */
export function tellRefusal(what: What, refusal: Refusal): void {
  // #ifdef H5
  uni.showModal({
    title: `没有${nameOf(what)}权限`,
    content: `${refusalText(what, refusal)}在浏览器地址栏旁边的网站设置里改。`,
    confirmText: "知道了",
    showCancel: false,
  });
  // #endif
  // #ifndef H5
  uni.showModal({
    title: `没有${nameOf(what)}权限`,
    content: refusalText(what, refusal),
    confirmText: "去设置",
    cancelText: "先不用",
    success: (result) => {
      if (!result.confirm) return;
      if (refusal === "phone") uni.openAppAuthorizeSetting({});
      else uni.openSetting({});
    },
  });
  // #endif
}
