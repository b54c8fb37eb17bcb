import { computed, reactive } from "vue";

import { getCampaign } from "@/api/calls";
import type { Campaign } from "@/api/types";
import { served } from "@/i18n/language";

const KEY = "campaign";

/** The campaign as last heard of, kept on the phone: the form must work without signal. */
export const campaign = reactive<{ now: Campaign | null }>({ now: (uni.getStorageSync(KEY) as Campaign | "") || null });

/** Ask the server again. Throws Problem; what was known stays. */
export async function refreshCampaign(): Promise<void> {
  campaign.now = await getCampaign();
  uni.setStorageSync(KEY, JSON.parse(JSON.stringify(campaign.now)));
}

/** Whether the campaign, as last heard of, takes nothing new: it has ended, or was put away. */
export const isClosed = computed(() => campaign.now?.is_open === false);

/** The same, asked again where it was closed: another campaign may have begun meanwhile. */
export async function isStillClosed(): Promise<boolean> {
  if (isClosed.value) await refreshCampaign().catch(() => undefined);
  return isClosed.value;
}

export const gradeName = (grade: number): string =>
  served(campaign.now?.grades.find((known) => known.grade === grade)?.name ?? "") || (["", "重大", "较大", "一般", "较小"][grade] ?? "");

export const categoryName = (code: string): string =>
  served(campaign.now?.categories.find((known) => known.code === code)?.name ?? "");
