/** Speech turned into words by the browser itself (Web Speech), or by WeChat's plugin where the build has it; none of the sound comes to us. */
// #ifdef MP-WEIXIN
import { hasPlugin, listenByPlugin } from "@/platform/wechatDictation";
// #endif

interface Recognition {
  lang: string;
  interimResults: boolean;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start: () => void;
  stop: () => void;
  abort: () => void;
}
type Maker = new () => Recognition;

export interface Listening {
  stop: () => void; // what was said until now still comes
  abort: () => void;
}

function maker(): Maker | undefined {
  if (typeof window === "undefined") return undefined;
  const known = window as unknown as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  return known.SpeechRecognition ?? known.webkitSpeechRecognition;
}

export function canDictate(): boolean {
  // #ifdef MP-WEIXIN
  if (hasPlugin()) return true;
  // #endif
  // #ifdef H5
  if (maker()) return true;
  // #endif
  return false;
}

/** Listen until a pause, or until it is stopped. `failed` gets the browser's word for what went wrong. */
export function listen(heard: (words: string) => void, failed: (why: string) => void, ended: () => void): Listening | null {
  // #ifdef MP-WEIXIN
  if (hasPlugin()) return listenByPlugin(heard, failed, ended);
  // #endif
  const Made = maker();
  if (!Made) return null;
  const recognition = new Made();
  recognition.lang = "zh-CN";
  recognition.interimResults = false;
  recognition.onresult = ({ results }) => heard(Array.from(results, (each) => each[0]?.transcript ?? "").join(""));
  recognition.onerror = ({ error }) => failed(error);
  recognition.onend = ended;
  recognition.start();
  return recognition;
}
