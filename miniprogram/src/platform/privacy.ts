/**
 * Consent to the privacy policy: asked for before anybody signs in, on every way in. WeChat has a gate of its own besides,
 * and asks through us when something personal is first needed.
 */
export const CONSENT_PAGE = "/pages/profile/consent";
const AGREED = "privacy.agreed";
const REFUSED = "privacy.refused";
const VERSION = "2026-12"; // of the policy: a new one is asked about anew

type Answer = (said: { event: "agree" | "disagree" | "exposureAuthorization"; buttonId?: string }) => void;

interface PrivacyOfWechat {
  onNeedPrivacyAuthorization?: (ask: (answer: Answer) => void) => void;
  openPrivacyContract?: (options: { fail?: () => void }) => void;
}

export const AGREE_BUTTON = "agree-privacy";
export const policyVersion = VERSION;
let waiting: Answer[] = [];

// #ifndef H5
const platform = (): PrivacyOfWechat => uni as unknown as PrivacyOfWechat;
// #endif

/** Whether whoever uses this phone has agreed to the present policy. */
export const hasAgreed = (): boolean => uni.getStorageSync(AGREED) === VERSION;

/** Whether they have said no to it: not asked again by itself. */
export const hasRefused = (): boolean => uni.getStorageSync(REFUSED) === VERSION;

/** The person has read and agreed, or not. */
export function answerPrivacy(agreed: boolean): void {
  uni.removeStorageSync(agreed ? REFUSED : AGREED);
  uni.setStorageSync(agreed ? AGREED : REFUSED, VERSION);
  answerWechat(agreed);
}

/** The next person at this phone has not agreed to anything. */
export function forgetAgreement(): void {
  uni.removeStorageSync(AGREED);
  uni.removeStorageSync(REFUSED);
}

/** At launch: be ready to ask when WeChat wants it. */
export function watchPrivacy(): void {
  // #ifndef H5
  platform().onNeedPrivacyAuthorization?.((answer) => {
    waiting.push(answer);
    if (waiting.length > 1) return; // the page is open already
    uni.navigateTo({ url: CONSENT_PAGE });
    answer({ event: "exposureAuthorization" });
  });
  // #endif
}

/** Whether WeChat waits for an answer: then the page was opened on top of what needed it. */
export const isWechatWaiting = (): boolean => waiting.length > 0;

export function answerWechat(agreed: boolean): void {
  const asked = waiting;
  waiting = [];
  for (const answer of asked) answer(agreed ? { event: "agree", buttonId: AGREE_BUTTON } : { event: "disagree" });
}

/** WeChat's own page with what was declared there. */
export function openContract(): void {
  // #ifndef H5
  platform().openPrivacyContract?.({});
  // #endif
}
