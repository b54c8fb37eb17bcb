/** The part of WeChat's API that the app uses, with WeChat's manners; anything else is an error. See harness.mjs. */
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";

import { USER_DATA_PATH } from "./phone.mjs";

const CALLBACKS = ["success", "fail", "complete"];

/** Names that uni-app's runtime looks for and does without. */
const OPTIONAL = new Set([
  "$onErrorHandlers", "getAccountInfoSync", "onAppShow", "onAppHide", "getLaunchOptionsSync", "cloud",
  "__uni_console__", "__uni_console_warned__", "createApp", "createPage", "createComponent", "createPluginApp", "createSubpackageApp",
]);

/** A mistake in the app: not an answer to it, the end of the run. */
export function mistake(message) {
  console.error(message);
  process.exitCode = 1;
  throw new Error(message);
}

function checkOptions(name, options, known) {
  const strange = Object.keys(options).filter((key) => !known.includes(key) && !CALLBACKS.includes(key));
  if (strange.length) mistake(`wx.${name} does not know ${strange.join(", ")}`);
}

/** What an exchange with the server returns at once. */
const TASK = { abort: () => undefined, onProgressUpdate: () => undefined };

/** An asynchronous API: `work` gives the result or throws what `fail` hears. */
function asynchronous(name, known, work, returned = undefined) {
  return (options = {}) => {
    checkOptions(name, options, known);
    const finish = (callback, result) => {
      options[callback]?.(result);
      options.complete?.(result);
    };
    Promise.resolve()
      .then(() => work(options))
      .then(
        (result) => finish("success", { errMsg: `${name}:ok`, ...result }),
        (error) => finish("fail", { errMsg: `${name}:fail ${error.message}` }),
      );
    return returned;
  };
}

/** The global `wx` for one life of `app` on `phone`. */
export function wxOf(phone, app) {
  const known = {
    env: { USER_DATA_PATH }, canIUse: () => true,
    ...storageApi(phone), ...networkApi(phone), ...deviceApi(phone), ...screenApi(phone, app), ...navigationApi(app),
  };
  const files = filesApi(phone);
  known.getFileSystemManager = () => files;
  return new Proxy(known, {
    get(target, name) {
      if (name in target || OPTIONAL.has(name) || typeof name === "symbol") return target[name];
      return mistake(`wx.${name} is not there`);
    },
  });
}

function storageApi(phone) {
  const key = (name) => (typeof name === "string" && name ? name : mistake("a storage key must be a text"));
  return {
    getStorageSync: (name) => phone.storage[key(name)] ?? "",
    setStorageSync(name, value) {
      if (JSON.stringify(value).length > 1 << 20) mistake(`more than 1 MB under ${name}`);
      phone.storage = { ...phone.storage, [key(name)]: value };
    },
    removeStorageSync(name) {
      const { [key(name)]: _gone, ...rest } = phone.storage;
      phone.storage = rest;
    },
    setStorage: asynchronous("setStorage", ["key", "data"], ({ key: name, data }) => {
      phone.storage = { ...phone.storage, [key(name)]: data };
    }),
  };
}

function networkApi(phone) {
  const lineIsUp = () => {
    if (!phone.online) throw new Error("net::ERR_INTERNET_DISCONNECTED");
  };
  async function exchange(url, options) {
    lineIsUp();
    const response = await fetch(phone.addressOf(url), options);
    const text = await response.text();
    phone.requests.push(`${options.method} ${new URL(url).pathname}`);
    return { text, statusCode: response.status, header: Object.fromEntries(response.headers) };
  }
  return {
    request: asynchronous("request", ["url", "method", "data", "header", "timeout", "dataType"], async (options) => {
      const { url, method = "GET", data, header = {}, timeout } = options;
      if (data !== undefined && typeof data !== "string" && !(data instanceof ArrayBuffer)) mistake("a body that is neither text nor bytes");
      const { text, ...answer } = await exchange(url, { method, body: data, headers: header, signal: AbortSignal.timeout(timeout) });
      return { ...answer, data: asJson(text) };
    }, TASK),
    uploadFile: asynchronous("uploadFile", ["url", "filePath", "name", "formData", "header", "timeout"], async (options) => {
      const { url, filePath, name, formData = {}, header = {}, timeout } = options;
      lineIsUp();
      if (phone.cuts > 0) {
        phone.cuts -= 1;
        throw new Error("net::ERR_CONNECTION_RESET");
      }
      const file = phone.fileOf(filePath);
      if (!existsSync(file)) throw new Error("file not found");
      const form = new FormData();
      for (const [field, value] of Object.entries(formData)) form.append(field, value);
      form.append(name, new Blob([readFileSync(file)]), filePath.split("/").pop());
      const { text, ...answer } = await exchange(url, {
        method: "POST", body: form, headers: header, signal: AbortSignal.timeout(timeout),
      });
      return { ...answer, data: text };
    }, TASK),
    downloadFile: asynchronous("downloadFile", ["url", "header", "timeout", "filePath"], async ({ url, header = {}, timeout }) => {
      lineIsUp();
      const response = await fetch(phone.addressOf(url), { headers: header, signal: AbortSignal.timeout(timeout) });
      const tempFilePath = phone.keepTemporary(Buffer.from(await response.arrayBuffer()));
      phone.requests.push(`GET ${new URL(url).pathname}`);
      return { tempFilePath, statusCode: response.status };
    }),
    getNetworkType: asynchronous("getNetworkType", [], () => ({ networkType: phone.online ? "4g" : "none" })),
    onNetworkStatusChange: (listener) => phone.listeners.add(listener),
  };
}

function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function deviceApi(phone) {
  const system = {
    theme: "light", language: "zh_CN", platform: "android", system: "Android 14", SDKVersion: "3.5.0", version: "8.0.49",
    brand: "", model: "", pixelRatio: 2, windowWidth: 375, windowHeight: 667, screenWidth: 375, screenHeight: 667, statusBarHeight: 20,
    safeArea: { left: 0, right: 375, top: 20, bottom: 667, width: 375, height: 647 }, host: { env: "WeChat" },
  };
  return {
    getSystemInfoSync: () => system,
    getAppBaseInfo: () => system,
    getDeviceInfo: () => system,
    getWindowInfo: () => system,
    onThemeChange: () => undefined,
    getUpdateManager: () => ({ onCheckForUpdate: () => undefined, onUpdateReady: () => undefined, onUpdateFailed: () => undefined }),
    login: asynchronous("login", ["timeout", "provider"], () => ({ code: "demo:worker-1" })),
    openDocument: asynchronous("openDocument", ["filePath", "fileType", "showMenu"], ({ filePath, fileType }) => {
      if (!["doc", "docx", "xls", "xlsx", "ppt", "pptx", "pdf"].includes(fileType)) throw new Error("filetype not supported");
      phone.opened.push({ file: phone.fileOf(filePath), type: fileType });
    }),
    getLocation: asynchronous("getLocation", ["type", "altitude", "isHighAccuracy"], ({ type }) => {
      if (!["wgs84", "gcj02"].includes(type)) mistake(`a location of type ${type}`);
      return { latitude: 36.0671, longitude: 120.3826, accuracy: 30 };
    }),
    getImageInfo: asynchronous("getImageInfo", ["src"], ({ src }) => {
      if (!existsSync(phone.fileOf(src))) throw new Error("file not found");
      return { ...sidesOf(readFileSync(phone.fileOf(src))), path: src, orientation: "up", type: "jpeg" };
    }),
    // uni-app says the width twice: earlier versions of WeChat knew it by the shorter name
    compressImage: asynchronous("compressImage", ["src", "quality", "compressedWidth", "compressedHeight", "compressWidth", "compressHeight"], ({ src, quality, compressedWidth }) => {
      if (!(quality > 0 && quality <= 100) || !Number.isInteger(compressedWidth)) mistake("compressImage: a quality of 1 to 100, whole pixels");
      const tempFilePath = phone.compress(src);
      const { width } = sidesOf(readFileSync(phone.fileOf(tempFilePath)));
      if (width !== compressedWidth) mistake(`a copy of ${compressedWidth} pixels was asked for, ${width} is what lies ready`);
      return { tempFilePath };
    }),
    getSetting: asynchronous("getSetting", ["withSubscriptions"], () => ({ authSetting: { "scope.camera": phone.hasCamera } })),
    openSetting: asynchronous("openSetting", ["withSubscriptions"], () => {
      phone.hasCamera = true;
      return { authSetting: { "scope.camera": true } };
    }),
    createCameraContext: () => ({
      takePhoto: asynchronous("takePhoto", ["quality"], () => (phone.hasCamera || mistake("a photo without a camera")) && ({ tempImagePath: phone.takePhoto().tempFilePath })),
    }),
    chooseMedia: asynchronous("chooseMedia", ["count", "mediaType", "sizeType", "sourceType"], ({ count, mediaType, sourceType }) => {
      if (!(count >= 1 && count <= 20) || String(mediaType) !== "image") mistake("chooseMedia: 1 to 20 pictures");
      if (sourceType.includes("camera") && !phone.hasCamera) throw new Error("auth deny");
      return { type: "image", tempFiles: [phone.takePhoto()] };
    }),
  };
}

/** Of a JPEG: the first frame's. */
function sidesOf(content) {
  for (let at = 2; content[at] === 0xff; at += 2 + content.readUInt16BE(at + 2)) {
    const isFrame = content[at + 1] >= 0xc0 && content[at + 1] <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(content[at + 1]);
    if (isFrame) return { width: content.readUInt16BE(at + 7), height: content.readUInt16BE(at + 5) };
  }
  throw new Error("not an image");
}

function filesApi(phone) {
  const kept = (path) => (path.startsWith(`${USER_DATA_PATH}/`) ? phone.fileOf(path) : mistake(`outside of the user's folder: ${path}`));
  const present = (file) => {
    if (!existsSync(file)) throw new Error("no such file or directory");
    return file;
  };
  return {
    saveFile: asynchronous("saveFile", ["tempFilePath", "filePath"], ({ tempFilePath, filePath }) => {
      renameSync(present(phone.fileOf(tempFilePath)), kept(filePath)); // the temporary file is moved, as WeChat does
      return { savedFilePath: filePath };
    }),
    readFile: asynchronous("readFile", ["filePath", "encoding", "position", "length"], ({ filePath, position = 0, length }) => {
      const whole = readFileSync(present(phone.fileOf(filePath)));
      if (position > whole.length || (length !== undefined && position + length > whole.length)) throw new Error("the value of \"length\" is out of range");
      const content = whole.subarray(position, length === undefined ? undefined : position + length);
      return { data: content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength) };
    }),
    getFileInfo: asynchronous("getFileInfo", ["filePath"], ({ filePath }) => ({ size: readFileSync(present(phone.fileOf(filePath))).length })),
    stat: asynchronous("stat", ["path", "recursive"], ({ path, recursive }) => {
      if (path !== USER_DATA_PATH || recursive !== true) mistake("stat: of the user's folder, with what is in it");
      return { stats: [{ path: "/", stats: { size: 0 } }] };
    }),
    unlink: asynchronous("unlink", ["filePath"], ({ filePath }) => rmSync(present(kept(filePath)))),
  };
}

function screenApi(phone, app) {
  const badge = (name, options) => asynchronous(name, options, () => {
    if (!app.onTab) throw new Error("not TabBar page");
  });
  return {
    showToast: asynchronous("showToast", ["title", "icon", "duration", "mask"], ({ title }) => void phone.toasts.push(title)),
    hideToast: asynchronous("hideToast", [], () => undefined),
    showLoading: asynchronous("showLoading", ["title", "mask"], () => undefined),
    hideLoading: asynchronous("hideLoading", ["noConflict"], () => undefined),
    showModal: asynchronous(
      "showModal", ["title", "content", "showCancel", "cancelText", "confirmText", "confirmColor", "editable", "placeholderText"],
      ({ title }) => {
        if (!phone.confirms.includes(title)) mistake(`a question that this run does not answer: ${title}`);
        return { confirm: true, cancel: false };
      },
    ),
    pageScrollTo: asynchronous("pageScrollTo", ["scrollTop", "selector", "duration", "offsetTop"], () => undefined),
    setTabBarItem: asynchronous("setTabBarItem", ["index", "text", "iconPath", "selectedIconPath"], ({ index, text }) => {
      if (!app.onTab) throw new Error("not TabBar page");
      phone.tabs[index] = text;
    }),
    setNavigationBarTitle: asynchronous("setNavigationBarTitle", ["title"], ({ title }) => void (phone.title = title)),
    setTabBarBadge: badge("setTabBarBadge", ["index", "text"]),
    removeTabBarBadge: badge("removeTabBarBadge", ["index"]),
    stopPullDownRefresh: asynchronous("stopPullDownRefresh", [], () => undefined),
  };
}

function navigationApi(app) {
  const to = (name, go) => asynchronous(name, ["url"], ({ url }) => {
    const [path, query = ""] = url.split("?");
    const route = path.replace(/^\//, "");
    if (!path.startsWith("/") || !app.hasPage(route)) mistake(`no such page: ${url}`);
    go(route, Object.fromEntries(new URLSearchParams(query)));
  });
  return {
    redirectTo: to("redirectTo", (route, query) => app.redirectTo(route, query)),
    navigateTo: to("navigateTo", (route, query) => app.navigateTo(route, query)),
    reLaunch: to("reLaunch", (route, query) => app.reLaunch(route, query)),
    switchTab: to("switchTab", (route) => app.switchTab(route)),
    navigateBack: asynchronous("navigateBack", ["delta"], ({ delta = 1 }) => app.navigateBack(delta)),
  };
}
