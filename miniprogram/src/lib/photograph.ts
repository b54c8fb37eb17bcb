import { campaign } from "@/lib/campaign";
import type { HazardParcel } from "@/kinds/hazard";
import type { Place } from "@/kinds/parcel";
import { startHazard } from "@/outbox/begin";
import { addPhoto, discard, edited } from "@/outbox/outbox";
import { choosePhotos, type Door } from "@/platform/camera";
import { addEach } from "@/platform/fitness";

/** Take photos, or choose them, and begin a hazard with them, at the place if one is known. Null after a change of mind, or without room for them. */
export async function photograph(door: Door, here?: Partial<Place>): Promise<HazardParcel | null> {
  const chosen = await choosePhotos(campaign.now?.photos.max_count ?? 9, door);
  if (chosen.length === 0) return null;
  const parcel = startHazard();
  uni.showLoading({ title: "保存照片…" });
  await addEach(chosen, (photo) => addPhoto(parcel, photo));
  uni.hideLoading();
  if (!parcel.photos.length) {
    await discard(parcel);
    return null;
  }
  if (here) {
    Object.assign(parcel.place, here);
    edited(parcel);
  }
  return parcel;
}
