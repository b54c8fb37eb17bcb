import type { Chosen } from "@/platform/camera";

const LONGEST_SIDE = 4096; // pixels

/** The photo as it is, or, if it has more than `most` bytes, a smaller JPEG of it. What cannot be made smaller stays as it is. */
export async function withinLimit(chosen: Chosen, most: number): Promise<Chosen> {
  if (chosen.size <= most) return chosen;
  // #ifdef H5
  const smaller = await redrawn(chosen.source as Blob).catch(() => null);
  return smaller ? { source: smaller, size: smaller.size } : chosen;
  // #endif
  // #ifndef H5
  return new Promise((resolve) => {
    uni.compressImage({
      src: chosen.source as string,
      quality: 80,
      success: (result) => resolve({ source: result.tempFilePath, size: most }),
      fail: () => resolve(chosen),
    });
  });
  // #endif
}

// #ifdef H5
async function redrawn(photo: Blob): Promise<Blob | null> {
  const bitmap = await createImageBitmap(photo);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}
// #endif
