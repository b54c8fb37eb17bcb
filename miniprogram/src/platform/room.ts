/** How much room the platform leaves us for photos: told before it is full. */
import { reactive } from "vue";

const TIGHT = 30_000_000; // bytes: some photos with their originals
// #ifndef H5
const LIMIT = 200_000_000; // of a mini program's own files
// #endif

/** `left`: bytes, where they are few. */
export const room = reactive<{ left: number | null }>({ left: null });

/** Look again. Never throws: a platform that does not say is taken to have room. */
export async function lookAtRoom(): Promise<void> {
  const left = await bytesLeft().catch(() => null);
  room.left = left !== null && left < TIGHT ? Math.max(0, left) : null;
}

async function bytesLeft(): Promise<number | null> {
  // #ifdef H5
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined ? null : quota - (usage ?? 0);
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) => {
    uni.getFileSystemManager().stat({
      path: wx.env.USER_DATA_PATH, recursive: true,
      success: ({ stats }) => resolve(LIMIT - [stats].flat().reduce((sum, each) => sum + sizeOf(each as Listed), 0)),
      fail: reject,
    });
  });
  // #endif
}

// #ifndef H5
interface Listed {
  size?: number;
  stats?: { size: number };
}
const sizeOf = ({ size, stats }: Listed): number => stats?.size ?? size ?? 0;
// #endif
