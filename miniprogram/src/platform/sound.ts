/** Playing a sound that only its owner may have: one at a time. */
let stopNow: (() => void) | null = null;

/** Play it; `ended` is called once, whatever ends it. */
export function playSound(source: string | Blob, ended: () => void): void {
  stopSound();
  // #ifdef H5
  const url = URL.createObjectURL(source as Blob);
  const audio = new Audio(url);
  const end = () => {
    audio.pause();
    URL.revokeObjectURL(url);
    ended();
  };
  audio.onended = audio.onerror = () => stopSound();
  stopNow = end;
  audio.play().catch(() => stopSound());
  // #endif
  // #ifndef H5
  const player = uni.createInnerAudioContext();
  stopNow = () => {
    player.destroy();
    ended();
  };
  player.onEnded(() => stopSound());
  player.onError(() => stopSound());
  player.src = source as string;
  player.play();
  // #endif
}

export function stopSound(): void {
  const stop = stopNow;
  stopNow = null;
  stop?.();
}
