/** Speech turned into words by WeChat's plugin (微信同声传译, WechatSI), which a build has where VITE_WECHAT_SI names its version. */
import type { Listening } from "@/platform/dictation";

interface Manager {
  onStart: () => void;
  onRecognize: (answer: { result: string }) => void; // what it has understood so far
  onStop: (answer: { result: string }) => void;
  onError: (answer: { retcode: number; msg: string }) => void;
  start: (options: { duration: number; lang: "zh_CN" }) => void;
  stop: () => void;
}
declare const requirePlugin: (name: "WechatSI") => { getRecordRecognitionManager: () => Manager };

const LONGEST = 60_000; // ms; the plugin takes no more
const RECORDING = -30001; // not allowed, or the microphone is taken

export const hasPlugin = (): boolean => Boolean(import.meta.env.VITE_WECHAT_SI);

/** Listen until it is stopped. WeChat has one manager for all; whoever listens last hears. */
export function listenByPlugin(heard: (words: string) => void, failed: (why: string) => void, ended: () => void): Listening {
  const manager = requirePlugin("WechatSI").getRecordRecognitionManager();
  let left = false;
  const end = (then: () => void) => {
    if (left) return;
    left = true;
    then();
    ended();
  };
  manager.onStart = () => undefined;
  manager.onRecognize = () => undefined;
  manager.onStop = ({ result }) => end(() => (result.trim() ? heard(result) : failed("no-speech")));
  manager.onError = ({ retcode }) => end(() => failed(retcode === RECORDING ? "not-allowed" : "network"));
  manager.start({ duration: LONGEST, lang: "zh_CN" });
  return {
    stop: () => manager.stop(),
    abort: () => {
      left = true;
      manager.stop();
    },
  };
}
