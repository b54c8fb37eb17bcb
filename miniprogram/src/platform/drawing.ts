/** What was drawn on a canvas, as a picture that can be kept. */
import type { ComponentPublicInstance } from "vue";

import type { Chosen } from "@/platform/camera";
import { sizeOf } from "@/platform/photos";

export async function pictureOf(canvasId: string, page: ComponentPublicInstance | null | undefined): Promise<Chosen> {
  const source = await new Promise<string | Blob>((resolve, reject) => {
    uni.canvasToTempFilePath(
      { canvasId, fileType: "png", success: ({ tempFilePath }) => resolve(sourceOf(tempFilePath)), fail: reject },
      page ?? undefined,
    );
  });
  return { source, size: await sizeOf(source) };
}

/** A path in the mini program; a browser gives the picture itself, written as an address that nothing may load. */
function sourceOf(address: string): string | Blob {
  // #ifdef H5
  const [about, content] = address.split(",", 2);
  if (about?.startsWith("data:") && content) {
    return new Blob([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], { type: "image/png" });
  }
  // #endif
  return address;
}
