/** What was drawn on a canvas, as a picture that can be kept. */
import type { ComponentPublicInstance } from "vue";

import type { Chosen } from "@/platform/camera";

export function pictureOf(canvasId: string, page: ComponentPublicInstance | null | undefined): Promise<Chosen> {
  return new Promise((resolve, reject) => {
    uni.canvasToTempFilePath(
      { canvasId, fileType: "png", success: ({ tempFilePath }) => resolve({ source: sourceOf(tempFilePath), size: 0 }), fail: reject },
      page ?? undefined,
    );
  });
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
