import { getTemplates, postConsents } from "@/api/calls";
import { asProblem } from "@/api/problem";
import type { ConsentResults, Scene } from "@/api/types";

const PENDING = "consents.pending"; // given, but not yet told to the server
const known: Partial<Record<Scene, string[]>> = {};

/** When a page opens: learn what to ask there, for WeChat lets one ask only in the tap itself. Nothing on the H5 page. */
export async function prepareConsent(scene: Scene): Promise<void> {
  // #ifndef H5
  known[scene] = await getTemplates(scene).then(({ template_ids }) => template_ids, () => known[scene] ?? []);
  await tell();
  // #endif
}

/** Whether there is anything to ask there. */
export const canAskConsent = (scene: Scene): boolean => (known[scene] ?? []).length > 0;

/** In the tap: let the worker say which messages WeChat may send. Resolves when answered, at once where there is nothing to ask. */
export async function askConsent(scene: Scene): Promise<void> {
  // #ifndef H5
  const tmplIds = known[scene] ?? [];
  if (tmplIds.length === 0) return;
  const results = await new Promise<ConsentResults | null>((resolve) => {
    uni.requestSubscribeMessage({
      tmplIds,
      success: (answer) => resolve(resultsOf(answer as unknown as Record<string, string>, tmplIds)),
      fail: () => resolve(null), // switched off in WeChat's settings, or not possible now: the inbox tells it anyway
    });
  });
  if (!results) return;
  uni.setStorageSync(PENDING, [...pending(), results]);
  void tell();
  // #endif
}

// #ifndef H5
const ANSWERS = ["accept", "reject", "ban", "filter"];

function pending(): ConsentResults[] {
  return (uni.getStorageSync(PENDING) as ConsentResults[] | "") || [];
}

/** Of WeChat's answer only what belongs to our templates; null if that is nothing. */
function resultsOf(answer: Record<string, string>, tmplIds: string[]): ConsentResults | null {
  const pairs = tmplIds.map((id) => [id, answer[id]] as const).filter(([, said]) => said !== undefined && ANSWERS.includes(said));
  return pairs.length ? (Object.fromEntries(pairs) as ConsentResults) : null;
}

/** Tell the server; what a lost signal held up is told next time. */
async function tell(): Promise<void> {
  const waiting = pending();
  uni.removeStorageSync(PENDING); // first: a consent told twice would count twice
  for (const [index, results] of waiting.entries()) {
    try {
      await postConsents(results);
    } catch (thrown) {
      if (!asProblem(thrown).isPassing) continue;
      uni.setStorageSync(PENDING, [...pending(), ...waiting.slice(index)]);
      return;
    }
  }
}
// #endif
