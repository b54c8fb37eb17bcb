import { ref } from "vue";

import { listSuggestionCategories } from "@/api/calls";
import type { SuggestionCategory } from "@/api/types";

const KEY = "suggestion.categories";

/** The kinds of suggestions as last heard of, kept on the phone: the form must work without signal. */
export const suggestionCategories = ref<SuggestionCategory[]>((uni.getStorageSync(KEY) as SuggestionCategory[] | "") || []);

/** Ask the server again. Throws Problem; what was known stays. */
export async function refreshSuggestionCategories(): Promise<void> {
  const { items } = await listSuggestionCategories();
  suggestionCategories.value = items;
  uni.setStorageSync(KEY, JSON.parse(JSON.stringify(items)));
}
