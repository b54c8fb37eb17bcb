/** Whether a file just chosen can be a photo of a report: told at once, with the one concerned, not after it was sent. */
import { fileType, hasEnd } from "@/lib/fileType";
import type { Chosen } from "@/platform/camera";
import { headOf } from "@/platform/photos";

type Source = Chosen["source"];

const WORDS = { video: "是视频，这里只收照片", moving: "是动图，换一张普通照片", other: "不是照片" };

interface Unfit {
  words: string; // why it is not taken
  picture?: Source; // if there is something to look at
}

/** Null if it can be taken. */
async function unfitness({ source, size }: Chosen): Promise<Unfit | null> {
  if (!size) return { words: "是空的，重新拍一张" };
  const head = await headOf(source).catch(() => null);
  if (!head) return { words: "读不出来，重新选一次" };
  const type = fileType(head);
  if (type !== "photo") return { words: WORDS[type], picture: type === "moving" ? source : undefined };
  return (await isWhole(source)) ? null : { words: "不完整，打不开，重新拍一张", picture: source };
}

/** By its bytes on the H5 page: a browser without the memory for a large picture says that it is broken. */
function isWhole(source: Source): Promise<boolean> {
  // #ifdef H5
  return (source as Blob).arrayBuffer().then(hasEnd, () => false);
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.getImageInfo({ src: source as string, success: () => resolve(true), fail: () => resolve(false) });
  });
  // #endif
}

/** Add each that is a photo. The others are named, and can be looked at; that the phone has no more room is said too. */
export async function addEach(chosen: Chosen[], add: (each: Chosen) => Promise<unknown>): Promise<void> {
  const unfit: Unfit[] = [];
  let isFull = false;
  for (const [index, each] of chosen.entries()) {
    const why = await unfitness(each);
    if (why) unfit.push({ ...why, words: `第 ${index + 1} 张${nameOf(each)}${why.words}` });
    else if (!isFull) isFull = await add(each).then(() => false, () => true);
  }
  tell(unfit, isFull);
}

const nameOf = ({ source }: Chosen): string => (typeof source !== "string" && "name" in source ? `（${String(source.name)}）` : "");
const addressOf = (source: Source): string => (typeof source === "string" ? source : URL.createObjectURL(source));

/** On the H5 page loaded when it is wanted: the framework's part for it is as large as the first screen's own code. */
async function look(urls: string[]): Promise<void> {
  // #ifdef H5
  (await import("@/platform/preview")).showPictures(urls);
  // #endif
  // #ifndef H5
  uni.previewImage({ urls });
  // #endif
}

function tell(unfit: Unfit[], isFull: boolean): void {
  const full = isFull ? "手机空间可能不够了，清理一下再拍。已有的照片都还在。" : "";
  if (!unfit.length) return void (full && uni.showModal({ title: "照片没存下来", content: full, showCancel: false }));
  const pictures = unfit.flatMap(({ picture }) => picture ?? []);
  uni.showModal({
    title: `有 ${unfit.length} 个没放进来`,
    content: `${unfit.map(({ words }) => words).join("；")}。${full || "别的都放好了。"}`,
    showCancel: pictures.length > 0, cancelText: "看是哪张", confirmText: "知道了",
    success: ({ cancel }) => cancel && void look(pictures.map(addressOf)),
  });
}
