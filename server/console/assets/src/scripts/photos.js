export function installPhotos() {}
