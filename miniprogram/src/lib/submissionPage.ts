import { onLoad } from "@dcloudio/uni-app";
import { computed, onUnmounted, ref, type ComputedRef, type Ref } from "vue";

import type { Submission } from "@/api/types";
import { kindOf } from "@/kinds/index";
import { useLoaded, type Loaded } from "@/lib/loading";
import { onSent } from "@/outbox/outbox";

interface SubmissionPage<T> extends Loaded<T> {
  id: Ref<string>; // from the page's address
  own: ComputedRef<Submission | null>; // its way, question and timeline; only its author's
  withdrawn: (now: Submission) => void;
}

/** The page of one submission: loaded anew when something of it has arrived from this phone. */
export function useSubmissionPage<T>(fetchItem: (id: string) => Promise<T>, ownOf: (item: T) => Submission | null): SubmissionPage<T> {
  const id = ref("");
  const loaded = useLoaded(() => fetchItem(id.value), { keyOf: () => `submission.${id.value}`, when: () => id.value !== "" });
  const own = computed(() => (loaded.item.value ? ownOf(loaded.item.value) : null));

  function withdrawn(now: Submission): void {
    if (own.value) Object.assign(own.value, now);
    void loaded.reload();
  }

  onLoad((options) => {
    id.value = String(options?.id ?? "");
  });
  onUnmounted(
    onSent((parcel) => {
      const answers = kindOf(parcel).settlesQuestion && "submissionId" in parcel && parcel.submissionId === id.value;
      if (own.value && answers) own.value.question = null; // answered, whatever loads
      void loaded.reload();
    }),
  );
  return { ...loaded, id, own, withdrawn };
}
