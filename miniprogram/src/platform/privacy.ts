/**
 * Consent to the privacy policy: asked for before anybody signs in, on every way in. WeChat has a gate of its own besides,
 * and asks through us when something personal is first needed.
 */
export const CONSENT_PAGE = "/pages/profile/consent";
const AGREED = "privacy.agreed";
const REFUSED = "privacy.refused";
const HOLDING = "privacy.holding"; // as last heard: the versions of which a consent holds; an older one is asked about anew

type Answer = (said: { event: "agree" | "disagree" | "exposureAuthorization"; buttonId?: string }) => void;

interface PrivacyOfWechat {
  onNeedPrivacyAuthorization?: (ask: (answer: Answer) => void) => void;
  openPrivacyContract?: (options: { fail?: () => void }) => void;
}

export const AGREE_BUTTON = "agree-privacy";
let waiting: Answer[] = [];

// #ifndef H5
const platform = (): PrivacyOfWechat => uni as unknown as PrivacyOfWechat;
// #endif

/** The version that whoever uses this phone has agreed to; empty if none. */
export const agreedVersion = (): string => uni.getStorageSync(AGREED) as string;

/** Whether they have agreed to the present policy, or to an earlier one that allowed no less. */
export function hasAgreed(): boolean {
  const holding = (uni.getStorageSync(HOLDING) as string[] | "") || [agreedVersion()];
  return agreedVersion() !== "" && holding.includes(agreedVersion());
}

export const noteHolding = (versions: string[]): void => uni.setStorageSync(HOLDING, versions);

/** Whether they have said no: not asked again by itself. */
export const hasRefused = (): boolean => Boolean(uni.getStorageSync(REFUSED));

/** The person has read that version and agreed, or not. */
export function answerPrivacy(agreed: boolean, version = "unread"): void {
  uni.removeStorageSync(agreed ? REFUSED : AGREED);
  uni.setStorageSync(agreed ? AGREED : REFUSED, version);
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
