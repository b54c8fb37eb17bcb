/** What belongs to the phone and outlives the app: storage and files in a folder, and whether there is a signal. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, normalize } from "node:path";

export const USER_DATA_PATH = "wxfile://usr";
const TEMPORARY = "wxfile://tmp";
const BUILT_FOR = "http://127.0.0.1:8000"; // the server named in a build without VITE_SERVER

export class Phone {
  constructor(folder, { server, online, photos }) {
    this.folder = folder;
    this.server = server;
    this.online = online;
    this.photos = photos; // files that the camera will give, in this order
    this.taken = new Map(); // path of the app → the file that the camera gave
    this.cuts = 0; // so many files that go whole will be cut on their way
    this.toasts = [];
    this.confirms = []; // titles of questions that will be answered with yes
    this.opened = []; // documents that were opened: { file, type }
    this.hasCamera = true; // whether the app may use it
    this.tabs = []; // as the app has named them
    this.title = ""; // of the page on the screen, as the app has named it
    this.requests = []; // "PUT /api/v1/…" of all that got an answer
    this.listeners = new Set();
    mkdirSync(join(folder, "usr"), { recursive: true });
    mkdirSync(join(folder, "tmp"), { recursive: true });
  }

  get #storageFile() {
    return join(this.folder, "storage.json");
  }

  /** All of the app's storage. */
  get storage() {
    return existsSync(this.#storageFile) ? JSON.parse(readFileSync(this.#storageFile, "utf8")) : {};
  }

  set storage(values) {
    const next = `${this.#storageFile}.next`;
    writeFileSync(next, JSON.stringify(values));
    renameSync(next, this.#storageFile); // whole or not at all, whenever the app is killed
  }

  /** The signal goes or returns, and the app hears of it. */
  setOnline(online) {
    this.online = online;
    for (const listener of this.listeners) listener({ isConnected: online, networkType: online ? "4g" : "none" });
  }

  /** The file behind a path as WeChat names it. Throws for anything else. */
  fileOf(path) {
    for (const [prefix, folder] of [[USER_DATA_PATH, "usr"], [TEMPORARY, "tmp"]]) {
      if (!String(path).startsWith(`${prefix}/`)) continue;
      const name = path.slice(prefix.length + 1);
      if (normalize(name) !== name || name.startsWith("..")) break;
      return join(this.folder, folder, name);
    }
    throw new Error(`not a path of this app: ${path}`);
  }

  /** Take the next picture: a temporary file, gone for the app once it is moved. */
  takePhoto() {
    const source = this.photos.shift();
    if (!source) throw new Error("the camera has no more pictures");
    const path = `${TEMPORARY}/${basename(source)}`;
    const content = readFileSync(source);
    writeFileSync(this.fileOf(path), content);
    this.taken.set(path, source);
    return { tempFilePath: path, size: content.length, fileType: "image" };
  }

  /** A smaller copy of a picture just taken: the file that lies beside it, for no picture is made in Node. */
  compress(path) {
    return this.keepTemporary(readFileSync(`${this.taken.get(path)}.copy`));
  }

  /** A file that came over the line: temporary, as one from the camera. */
  keepTemporary(content) {
    this.downloads = (this.downloads ?? 0) + 1;
    const path = `${TEMPORARY}/download-${this.downloads}`;
    writeFileSync(this.fileOf(path), content);
    return path;
  }

  /** The real address for one in the build. Throws for any other: nothing else may be called. */
  addressOf(url) {
    if (!url.startsWith(`${BUILT_FOR}/`)) throw new Error(`a call to a foreign address: ${url}`);
    return this.server + url.slice(BUILT_FOR.length);
  }
}
