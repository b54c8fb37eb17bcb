/** Short videos: choosing or taking one, its length and a frame of it, playing one. Loaded when somebody wants one. */
import type { Chosen } from "@/platform/camera";
// #ifdef H5
import { pickFiles } from "@/platform/files";
import { encoded } from "@/platform/shrink";
// #endif
// #ifndef H5
import { refusalOf, tellRefusal } from "@/platform/refusal";

// #endif
export interface ChosenVideo extends Chosen {
  seconds: number | null; // null: this phone cannot tell
  poster: Chosen["source"] | null; // a frame of it
}

// #ifdef H5
const PATIENCE = 5000; // ms: a browser that cannot play it says nothing at times
const POSTER = { side: 640, bytes: 100_000 };
// #endif

/** Let the worker take or choose one of so many seconds; null if they changed their mind. */
export async function chooseVideo(longest: number): Promise<ChosenVideo | null> {
  // #ifdef H5
  const [file] = await pickFiles(false, { accept: "video/*" }); // without `capture` phones offer camera and album both
  return file ? { source: file, size: file.size, ...(await lookInto(file)) } : null;
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.chooseMedia({
      count: 1,
      mediaType: ["video"],
      sizeType: ["compressed"],
      sourceType: ["camera", "album"],
      maxDuration: longest,
      camera: "back",
      success: ({ tempFiles: [file] }) =>
        resolve(file ? { source: file.tempFilePath, size: file.size, seconds: file.duration ?? null, poster: file.thumbTempFilePath || null } : null),
      fail: (failure) => {
        const refusal = refusalOf(failure as { errMsg?: string });
        if (refusal) tellRefusal("camera", refusal);
        resolve(null);
      },
    });
  });
  // #endif
}

// #ifdef H5
/** As far as this browser can play it: HEVC plays in few. */
async function lookInto(file: Blob): Promise<Pick<ChosenVideo, "seconds" | "poster">> {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, preload: "auto", src: URL.createObjectURL(file) });
  try {
    await happens(video, "loadeddata");
    const seconds = Number.isFinite(video.duration) ? video.duration : null;
    video.currentTime = Math.min(1, (seconds ?? 0) / 3);
    await happens(video, "seeked");
    return { seconds, poster: await frameOf(video) };
  } catch {
    return { seconds: Number.isFinite(video.duration) ? video.duration : null, poster: null };
  } finally {
    URL.revokeObjectURL(video.src);
  }
}

function happens(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(reject, PATIENCE);
    video.addEventListener(event, () => (clearTimeout(timer), resolve()), { once: true });
    video.addEventListener("error", () => (clearTimeout(timer), reject(new Error("not played here"))), { once: true });
  });
}

async function frameOf(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, POSTER.side / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return ((await encoded(canvas, POSTER))?.source as Blob | undefined) ?? null;
}
// #endif

/** Play it over the whole screen, from the service or from this phone. */
export function playVideo(url: string, poster = ""): void {
  // #ifdef H5
  playInDialog(url, poster);
  // #endif
  // #ifndef H5
  wx.previewMedia({ sources: [{ url, type: "video", poster }] });
  // #endif
}

// #ifdef H5
/** The browser's own dialog: the focus stays in it, Escape and “back” of screen readers close it. */
function playInDialog(url: string, poster: string): void {
  const [dialog, video, words, close] = [document.createElement("dialog"), document.createElement("video"), document.createElement("p"), document.createElement("button")];
  Object.assign(video, { src: url, poster, controls: true, playsInline: true, preload: "metadata" });
  Object.assign(video.style, { display: "block", width: "100%", maxHeight: "75vh", background: "#000" });
  Object.assign(close, { textContent: "关闭", type: "button", onclick: () => dialog.close() });
  Object.assign(close.style, { width: "100%", minHeight: "48px", border: "0", background: "none", color: "#fff", font: "inherit", fontSize: "17px" });
  Object.assign(words.style, { color: "#fff", padding: "0 16px" });
  Object.assign(dialog.style, { width: "100%", maxWidth: "720px", margin: "auto", padding: "0", border: "0", background: "#111" });
  dialog.setAttribute("aria-label", "视频");
  dialog.dataset.test = "player";
  video.onerror = () => (words.textContent = "这部手机放不出这段视频。工会在电脑上能看。");
  dialog.onclose = () => {
    video.removeAttribute("src");
    video.load();
    dialog.remove();
  };
  dialog.append(video, words, close);
  document.body.append(dialog);
  dialog.showModal();
  void video.play().catch(() => undefined); // browsers that want another tap have their button for it
}
// #endif
