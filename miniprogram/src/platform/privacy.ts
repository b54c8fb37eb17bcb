/**
 * Consent to the privacy policy. WeChat has a gate of its own: it asks through us when something personal is first
 * needed. The H5 page asks once, before anything else.
 */
const CONSENT_PAGE = "/pages/profile/consent";
const AGREED = "privacy.agreed";
const VERSION = "2026-11"; // of the policy: a new one is asked about anew

type Answer = (said: { event: "agree" | "disagree" | "exposureAuthorization"; buttonId?: string }) => void;

interface PrivacyOfWechat {
  onNeedPrivacyAuthorization?: (ask: (answer: Answer) => void) => void;
  getPrivacySetting?: (options: { success: (result: { needAuthorization: boolean }) => void; fail: () => void }) => void;
  openPrivacyContract?: (options: { fail?: () => void }) => void;
}

export const AGREE_BUTTON = "agree-privacy";
let waiting: Answer[] = [];

// #ifndef H5
const platform = (): PrivacyOfWechat => uni as unknown as PrivacyOfWechat;
// #endif

/** At launch: ask before anything else (H5), or be ready to ask when WeChat wants it. */
export function watchPrivacy(): void {
  // #ifdef H5
  if (uni.getStorageSync(AGREED) !== VERSION) show();
  // #endif
  // #ifndef H5
  platform().onNeedPrivacyAuthorization?.((answer) => {
    waiting.push(answer);
    if (waiting.length > 1) return; // the page is open already
    show();
    answer({ event: "exposureAuthorization" });
  });
  // #endif
}

function show(): void {
  setTimeout(() => uni.navigateTo({ url: CONSENT_PAGE }), 0); // once the first page is there
}

/** The person has read and agreed, or not. */
export function answerPrivacy(agreed: boolean): void {
  // #ifdef H5
  if (agreed) uni.setStorageSync(AGREED, VERSION);
  // #endif
  const asked = waiting;
  waiting = [];
  for (const answer of asked) answer(agreed ? { event: "agree", buttonId: AGREE_BUTTON } : { event: "disagree" });
}

/** Whether the person has agreed so far. */
export function hasAgreed(): Promise<boolean> {
  return new Promise((resolve) => {
    // #ifdef H5
    resolve(uni.getStorageSync(AGREED) === VERSION);
    // #endif
    // #ifndef H5
    const ask = platform().getPrivacySetting;
    if (!ask) return resolve(true); // a WeChat older than the gate
    ask({ success: (result) => resolve(!result.needAuthorization), fail: () => resolve(false) });
    // #endif
  });
}

/** WeChat's own page with what was declared there. */
export function openContract(): void {
  // #ifndef H5
  platform().openPrivacyContract?.({});
  // #endif
}
