/** The record that a page works on: what the server has, what this phone has. Nothing of it leaves the phone before it is sent. */
import { computed, onUnmounted, ref, watch, type ComputedRef, type Ref } from "vue";

import { getVisit } from "@/api/calls";
import type { Problem } from "@/api/problem";
import type { Visit } from "@/api/types";
import type { KeptPhoto } from "@/kinds/parcel";
import { notedOf, type Noted, type VisitParcel } from "@/kinds/visit";
import { useLoaded } from "@/lib/loading";
import { dayKey } from "@/lib/time";
import { addPhoto, edited, keepFile, onSent, recordFor, recordOf, removePhoto } from "@/outbox/outbox";
import type { Chosen } from "@/platform/camera";

const EMPTY: Noted = { visitedOn: "", answers: {}, skipped: {}, situation: "", activities: "", talks: [], findings: [], signatures: [] };

export interface Desk {
  visit: Ref<Visit | null>;
  problem: Ref<Problem | null>;
  load: () => Promise<void>;
  parcel: ComputedRef<VisitParcel | null>; // null until something is changed
  noted: ComputedRef<Noted>;
  isOld: ComputedRef<boolean>; // a colleague has recorded it since this was begun
  today: string;
  change: (work: (parcel: VisitParcel) => void) => VisitParcel | null;
  addPhotos: (field: string, chosen: Chosen[], note: (parcel: VisitParcel, kept: KeptPhoto) => void, name?: string) => Promise<void>;
  drop: (key: string) => Promise<void>;
}

export function useVisit(id: () => string): Desk {
  const { item: visit, problem, load, reload } = useLoaded(() => getVisit(id()), { keyOf: () => `visit.${id()}` });
  const today = dayKey(Date.now());
  const parcel = computed(() => recordOf(id()));
  const kept = ref<Noted>(EMPTY);
  watch(visit, (now) => {
    if (now) kept.value = { ...notedOf(now), visitedOn: now.visited_on ?? today };
  });
  const noted = computed<Noted>(() => parcel.value ?? kept.value);
  const isOld = computed(() => Boolean(parcel.value && visit.value && parcel.value.version < visit.value.version && parcel.value.state !== "sending"));

  function change(work: (parcel: VisitParcel) => void): VisitParcel | null {
    if (!visit.value) return null;
    const mine = recordFor(visit.value, today);
    work(mine);
    edited(mine);
    return mine;
  }

  /** Keep each on the phone, then name it where it belongs. */
  async function addPhotos(
    field: string, chosen: Chosen[], note: (parcel: VisitParcel, kept: KeptPhoto) => void, name?: string,
  ): Promise<void> {
    try {
      for (const each of chosen) {
        const mine = change(() => undefined);
        const photo = mine && (name ? await keepFile(mine, each, { field, name }) : await addPhoto(mine, each, field));
        if (photo) change((now) => note(now, photo));
      }
    } catch {
      uni.showModal({ title: "没存下来", content: "手机空间可能不够了，清理一下再放。已有的都还在。", showCancel: false });
    }
  }

  async function drop(key: string): Promise<void> {
    if (parcel.value?.photos.some((photo) => photo.key === key)) await removePhoto(parcel.value, key);
  }

  onUnmounted(onSent(() => void reload()));
  return { visit, problem, load, parcel, noted, isOld, today, change, addPhotos, drop };
}
