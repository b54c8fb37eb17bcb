/** Speech turned into words by the browser itself (Web Speech); none of the sound comes to us. H5 only. */

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
  const known = window as unknown as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  return known.SpeechRecognition ?? known.webkitSpeechRecognition;
}

export const canDictate = (): boolean => maker() !== undefined;

/** Listen until a pause, or until it is stopped. `failed` gets the browser's word for what went wrong. */
export function listen(heard: (words: string) => void, failed: (why: string) => void, ended: () => void): Listening | null {
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
