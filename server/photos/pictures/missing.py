"""Which pictures ought to be in the object store and are not: a bucket emptied, a restore that went half way."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.storage.base import ObjectStore
from server.photos.models import Photo, PhotoOriginal, PhotoState
from server.photos.pictures.keys import DERIVED, PREFIX, Variant, derived_key, original_key

READ_AT_ONCE = 5000


def missing_keys(session: Session, store: ObjectStore) -> list[str]:
    """The keys, sorted. Reads the store's listing once. Raises StorageError."""
    wanted = set(_wanted(session))
    return sorted(wanted - {found.key for found in store.objects(f"{PREFIX}/")})


def _wanted(session: Session) -> Iterator[str]:
    rows = session.execute(
        select(Photo.id, Photo.object_id, Photo.state, Photo.is_video).where(Photo.object_id.is_not(None))
    ).yield_per(READ_AT_ONCE)
    for row in rows:
        yield original_key(row.id, row.object_id)
        if row.state is PhotoState.READY:
            yield from (derived_key(row.id, variant) for variant in DERIVED)
            if row.is_video:
                yield derived_key(row.id, Variant.VIDEO)
    later = select(PhotoOriginal.photo_id, PhotoOriginal.object_id).where(PhotoOriginal.object_id.is_not(None))
    for photo_id, object_id in session.execute(later).yield_per(READ_AT_ONCE):
        if object_id is not None:
            yield original_key(photo_id, object_id)
