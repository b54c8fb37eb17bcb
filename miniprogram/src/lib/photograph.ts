import { campaign } from "@/lib/campaign";
import type { HazardParcel } from "@/kinds/hazard";
import type { Place } from "@/kinds/parcel";
import { startHazard } from "@/outbox/begin";
import { addPhoto, discard, edited } from "@/outbox/outbox";
import { choosePhotos, type Door } from "@/platform/camera";

/** Take photos, or choose them, and begin a hazard with them, at the place if one is known. Null after a change of mind, or without room for them. */
export async function photograph(door: Door, here?: Partial<Place>): Promise<HazardParcel | null> {
  const chosen = await choosePhotos(campaign.now?.photos.max_count ?? 9, door);
  if (chosen.length === 0) return null;
  const parcel = startHazard();
  uni.showLoading({ title: "保存照片…" });
  try {
    for (const photo of chosen) await addPhoto(parcel, photo);
  } catch {
    await discard(parcel);
    uni.showModal({ title: "照片没存下来", content: "手机空间可能不够了，清理一下再拍。", showCancel: false });
    return null;
  } finally {
    uni.hideLoading();
  }
  if (here) {
    Object.assign(parcel.place, here);
    edited(parcel);
  }
  return parcel;
}
