/** Pictures over the whole screen. */
export function showPictures(urls: string[]): void {
  uni.previewImage({ urls });
}
