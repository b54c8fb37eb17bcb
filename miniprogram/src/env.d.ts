/// <reference types="vite/client" />
declare module "*.vue" {
  import type { DefineComponent } from "vue";
  const component: DefineComponent<object, object, unknown>;
  export default component;
}

interface ImportMetaEnv {
  /** Where the mini program finds the service, e.g. https://ssp.example.org. The H5 page is served by it. */
  readonly VITE_SERVER?: string;
  readonly VITE_WECHAT_SI?: string; // version of WeChat's speech plugin, where the union has added it
}

/** WeChat's global in the mini program; what uni-app has no name for is used directly. */
declare const wx: {
  env: { USER_DATA_PATH: string };
  getAppBaseInfo(): { fontSizeSetting?: number };
  createOffscreenCanvas(options: { type: "2d"; width: number; height: number }): import("@/platform/shrink").WechatCanvas;
  canvasToTempFilePath(options: {
    canvas: object;
    fileType?: "jpg";
    quality?: number;
    width?: number;
    height?: number;
    destWidth?: number;
    destHeight?: number;
    success: (made: { tempFilePath: string }) => void;
    fail: (fault?: unknown) => void;
  }): void;
  previewMedia(options: { sources: { url: string; type: "video"; poster?: string }[] }): void;
  showShareImageMenu(options: { path: string }): void;
  chooseMessageFile(options: {
    count: number;
    type: "all";
    success: (chosen: { tempFiles: { path: string; size: number; name: string }[] }) => void;
    fail: () => void;
  }): void;
};
