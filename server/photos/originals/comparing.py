"""Is it what the copy was made of? Shape, sight and the time the camera wrote decide."""

from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import Table, update

from server.core.jobs.registry import GiveUp, JobContext
from server.core.storage.base import ObjectMissing, path_or_bytes
from server.photos.models import OriginalState, Photo, PhotoOriginal, PhotoState
from server.photos.pictures.derived import Derivatives, Shot, told_by
from server.photos.pictures.keys import original_key
from server.photos.pictures.limited import Undecodable, derive_limited

log = structlog.get_logger(__name__)

RATIO = 0.02  # by which the ratio of the sides may differ: whole pixels are rounded
MOST_BITS = 10  # of 64 by which fingerprints of one picture at two sizes may differ; others differ in about 32
MOST_BITS_DRAWN_ON = 18  # where arrows, circles or words were drawn on the copy
CLOCK = timedelta(seconds=2)  # cameras and phones round


def has_same_shape(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two pictures have the same ratio of their sides, either way up. Unknown sizes fit anything."""
    if not (all(one) and all(other)):
        return True
    long, short = max(one) / min(one), max(other) / min(other)
    return abs(long - short) <= RATIO * max(long, short)


def is_same(photo: Photo, made: Derivatives) -> bool:
    """Whether the copy can have been made of the picture that `made` was made of."""
    if photo.fingerprint is None:
        return False
    differing = ((photo.fingerprint ^ made.fingerprint) & (2**64 - 1)).bit_count()
    most = MOST_BITS_DRAWN_ON if photo.is_marked or photo.is_stamped else MOST_BITS
    return (
        differing <= most
        and has_same_shape((made.width, made.height), (photo.width or 0, photo.height or 0))
        and _is_of_the_same_moment(photo, made.shot)
    )


def _is_of_the_same_moment(photo: Photo, shot: Shot) -> bool:
    """What the phone said of the original must stand in it."""
    if photo.taken_at is None:
        return True
    return shot.taken_at is not None and abs(shot.taken_at - photo.taken_at) <= CLOCK


def compare_with_copy(ctx: JobContext, photo_id: UUID) -> None:
    """Keep the original if it fits, and let it speak for itself; else remove it. Safe to run twice.

    While the copy's own pictures are being made nothing is done: that job asks for this one when it is through.
    """
    with ctx.database.reading() as session:
        photo, original = session.get(Photo, photo_id), session.get(PhotoOriginal, photo_id)
    if photo is None or photo.state is PhotoState.RECEIVED:
        return
    if original is None or original.object_id is None or original.state is not OriginalState.RECEIVED:
        return
    key = original_key(photo_id, original.object_id)
    try:
        content = path_or_bytes(ctx.object_store, key)
    except ObjectMissing as error:
        raise GiveUp(f"照片 {photo_id} 的原图不见了；找回以后再试一次就会补上") from error
    made = _made_of(ctx, photo_id, content, original)
    if made is not None and is_same(photo, made):
        _settle(ctx, original, {"state": OriginalState.MATCHED}, told_by(made.shot))
    else:
        _settle(ctx, original, {"state": OriginalState.DIFFERS, "object_id": None, "received_at": None}, {})
        ctx.object_store.delete(key)


def _made_of(ctx: JobContext, photo_id: UUID, content: Path | bytes, original: PhotoOriginal) -> Derivatives | None:
    width, height = original.width or 0, original.height or 0
    try:
        return derive_limited(content, original.media_type or "", width, height, ctx.settings)
    except Undecodable as error:
        log.warning("original_damaged", photo_id=str(photo_id), reason=str(error))
        return None


def _settle(ctx: JobContext, original: PhotoOriginal, values: dict[str, Any], told: dict[str, object]) -> None:
    """Unless another run was faster."""
    table, photos = cast(Table, PhotoOriginal.__table__), cast(Table, Photo.__table__)
    same = (table.c.photo_id == original.photo_id, table.c.object_id == original.object_id)
    with ctx.database.transaction() as session:
        moved = session.execute(update(table).where(*same).values(**values).returning(table.c.photo_id)).all()
        if moved and told:
            session.execute(update(photos).where(photos.c.id == original.photo_id).values(**told))
