"""Links to photos: whoever has one may look, for a quarter of an hour, and needs nothing else.

A link's end is rounded up, so that pages made within some minutes carry the same link and browsers need not fetch a
picture again. With an S3 store the link leads to the bucket, else to this service. Originals are asked for here,
for one may have followed a smaller copy, and led on to the bucket. A photo whose id tells only the day (of an anonymous
report) always leads here: a bucket would say when the picture was put, to the second.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import cast
from uuid import UUID

from flask import current_app

from server.core import clock, ids
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.web.signatures import is_genuine, sign_by
from server.photos.models import Photo, PhotoState
from server.photos.pictures.keys import Variant, derived_key, original_key
from server.photos.schemas import PictureOut

PURPOSE = "photo-link/1"
STEPS = 3  # a link lives between 1 and 1 + 1/STEPS of its lifetime


@dataclass(frozen=True, slots=True)
class PhotoUrls:
    """Links for a page or an answer; None where there is nothing to show (yet)."""

    thumbnail: str | None
    display: str | None
    video: str | None = None  # a photo has none


def photo_url(photo: Photo, variant: Variant, *, now: datetime | None = None) -> str | None:
    """A link to one picture of `photo`, None if there is none.

    Whether the user may see it is up to the caller; originals carry place and device and are for reviewers.
    """
    key = _key(photo, variant)
    if key is None:
        return None
    settings = cast(Settings, current_app.extensions["settings"])
    store = cast(ObjectStore, current_app.extensions["object_store"])
    starts, ends = period(settings, now or clock.now())
    if variant is Variant.ORIGINAL or ids.tells_day_only(photo.id):  # which object that is, only the database knows
        return local_link(settings, photo.id, variant, ends)
    return store.signed_url(key, starts, ends) or local_link(settings, photo.id, variant, ends)


def photo_urls(photo: Photo, *, now: datetime | None = None) -> PhotoUrls:
    """Links to the thumbnail and to the display picture, and to the video that they are of."""
    return PhotoUrls(
        *(photo_url(photo, variant, now=now) for variant in (Variant.THUMBNAIL, Variant.DISPLAY, Variant.VIDEO))
    )


def picture_of(photo: Photo, position: int = 0, *, plays: bool = False) -> PictureOut | None:
    """It as an answer shows it; None while there is nothing to show. `plays`: a video with a link to it, for those who
    see the case itself; what is published shows a frame."""
    urls = photo_urls(photo)
    if urls.thumbnail is None or urls.display is None:
        return None
    return PictureOut(
        id=photo.id,
        position=position,
        thumbnail_url=urls.thumbnail,
        display_url=urls.display,
        video_url=urls.video if plays else None,
    )


def thumbnail_urls(photo_ids: Iterable[UUID], *, now: datetime) -> dict[UUID, str]:
    """Links to the thumbnails of photos that are ready: a whole page's at once, without loading the photos."""
    settings = cast(Settings, current_app.extensions["settings"])
    store = cast(ObjectStore, current_app.extensions["object_store"])
    starts, ends = period(settings, now)
    thumbnail = Variant.THUMBNAIL
    return {
        photo_id: (
            not ids.tells_day_only(photo_id) and store.signed_url(derived_key(photo_id, thumbnail), starts, ends)
        )
        or local_link(settings, photo_id, thumbnail, ends)
        for photo_id in photo_ids
    }


def public_link(settings: Settings, store: ObjectStore, photo_id: UUID, starts: datetime, ends: datetime) -> str | None:
    """The display picture's whole address for a machine outside, None if nobody outside can reach this service.

    It holds longer than a person's link, for WeChat fetches when it likes.
    """
    if not ids.tells_day_only(photo_id):
        address = store.signed_url(derived_key(photo_id, Variant.DISPLAY), starts, ends)
        if address is not None:
            return address
    if not settings.public_url:
        return None
    return settings.public_url.rstrip("/") + local_link(settings, photo_id, Variant.DISPLAY, ends)


def _key(photo: Photo, variant: Variant) -> str | None:
    if variant is Variant.ORIGINAL:
        return None if photo.object_id is None else original_key(photo.id, photo.object_id)
    if variant is Variant.VIDEO and not photo.is_video:
        return None
    return derived_key(photo.id, variant) if photo.state is PhotoState.READY else None


def period(settings: Settings, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a link made `now` holds: the same for all `now` within one step."""
    lifetime = settings.photo_link_minutes * 60
    step = lifetime // STEPS
    starts = int(now.timestamp()) // step * step
    return datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(starts + step + lifetime, UTC)


def local_link(settings: Settings, photo_id: UUID, variant: Variant, ends: datetime) -> str:
    """A link to our own route, valid until `ends`."""
    return _local_link(settings.secret_key.get_secret_value(), photo_id, variant, int(ends.timestamp()))


@lru_cache(maxsize=4000)
def _local_link(secret: str, photo_id: UUID, variant: Variant, end: int) -> str:
    """The same for everybody for many minutes, and a list shows fifty."""
    return f"/photos/{photo_id}/{variant}?e={end}&s={sign_by(secret, PURPOSE, photo_id, variant, end)}"


def is_valid(settings: Settings, photo_id: UUID, variant: Variant, end: int, signature: str, now: datetime) -> bool:
    """Whether we made this link and it still holds."""
    return is_genuine(settings, signature, PURPOSE, photo_id, variant, end) and now.timestamp() < end
