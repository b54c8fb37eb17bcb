"""Background work of photos. Safe to run twice, and at the same time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Table, exists, select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.actions import enqueue, enqueue_each
from server.core.jobs.models import Priority
from server.core.jobs.registry import GiveUp, JobContext, job, periodic
from server.core.settings import Settings
from server.core.storage.base import ObjectMissing, StoredObject, path_or_bytes, sweep_staging
from server.core.storage.orphans import GRACE, remove_orphans
from server.photos.models import Photo, PhotoOriginal, PhotoPrint, PhotoState
from server.photos.originals.comparing import compare_with_copy
from server.photos.originals.queries import is_to_be_compared
from server.photos.pictures.derived import Derivatives, told_by
from server.photos.pictures.keys import (
    ALL_DERIVED,
    SHARDS,
    Variant,
    derived_key,
    original_key,
    photo_of,
    photo_prefix,
    shard_prefix,
)
from server.photos.pictures.limited import Undecodable, derive_limited
from server.photos.upload.pieces import sweep_pieces
from server.photos.videos.limited import make_limited

log = structlog.get_logger(__name__)

UNSHOWN = (PhotoState.RECEIVED, PhotoState.DAMAGED)
SWEEP_SECONDS = 300  # one of 256 folders each time: all of them within a day
CATCH_UP = 2000  # old photos an hour: some minutes of one core
AT_ONCE = 500  # jobs noted in one transaction
CATCH_UP_AFTER = timedelta(hours=1)  # by then a photo's own job has been


@job("photos.make_derivatives", "处理照片")
def make_derivatives(ctx: JobContext, photo_id: str) -> None:
    """Make what is shown of a received photo, and fill its columns; or note that it cannot be shown.

    An original that is gone leaves a dead job with the reason; once it is back, the job is given another chance.
    """
    photo = _find_received(ctx.database, UUID(photo_id))
    if photo is None or photo.object_id is None or photo.media_type is None:
        return
    try:
        original = path_or_bytes(ctx.object_store, original_key(photo.id, photo.object_id))
    except ObjectMissing as error:
        _apply_outcome(ctx, photo.id, state=PhotoState.DAMAGED)
        raise GiveUp(f"照片 {photo.id} 的原图不见了；找回以后再试一次就会补上") from error
    try:
        made, video = _made_of(photo, original, ctx.settings)
    except Undecodable as error:
        log.warning("photo_damaged", photo_id=photo_id, reason=str(error))
        _apply_outcome(ctx, photo.id, state=PhotoState.DAMAGED)
        return
    if video is not None:
        ctx.object_store.put_bytes(derived_key(photo.id, Variant.VIDEO), video, "video/mp4")
    ctx.object_store.put_bytes(derived_key(photo.id, Variant.DISPLAY), made.display, "image/jpeg")
    ctx.object_store.put_bytes(derived_key(photo.id, Variant.THUMBNAIL), made.thumbnail, "image/jpeg")
    _apply_outcome(
        ctx, photo.id, state=PhotoState.READY, width=made.width, height=made.height, fingerprint=made.fingerprint,
        **told_by(made.shot),
    )  # fmt: skip


def _made_of(photo: Photo, original: Path | bytes, settings: Settings) -> tuple[Derivatives, bytes | None]:
    """The pictures that are shown, and what is played of a video. Raises as derive_limited."""
    if photo.is_video:
        made = make_limited(original)
        return made.pictures, made.video
    return derive_limited(original, photo.media_type or "", photo.width or 0, photo.height or 0, settings), None


@job("photos.check_original", "核对照片原图")
def check_original(ctx: JobContext, photo_id: UUID) -> None:
    """Compare an original with the copy that came first."""
    compare_with_copy(ctx, photo_id)


def _find_received(database: Database, photo_id: UUID) -> Photo | None:
    with database.reading() as session:
        return session.scalar(select(Photo).where(Photo.id == photo_id, Photo.state.in_(UNSHOWN)))


def _apply_outcome(ctx: JobContext, photo_id: UUID, **values: object) -> None:
    """Move the photo on, unless another run was faster. If it was discarded meanwhile, leave nothing behind."""
    with ctx.database.transaction() as session:
        moved = session.execute(
            update(cast(Table, Photo.__table__))
            .where(Photo.id == photo_id, Photo.state.in_(UNSHOWN))
            .values(**values)
            .returning(Photo.id)
        ).one_or_none()
        if moved is not None and values["state"] is PhotoState.READY:
            enqueue(session, "photos.find_copies", photo_id=photo_id)
        if moved is not None and is_to_be_compared(session, photo_id):
            enqueue(session, "photos.check_original", photo_id=photo_id)
        exists = session.scalar(select(Photo.id).where(Photo.id == photo_id)) is not None
    if not exists:
        for variant in ALL_DERIVED:
            ctx.object_store.delete(derived_key(photo_id, variant))


@job("photos.find_copies", "查重复使用的照片", priority=Priority.BULK)
def find_copies(ctx: JobContext, photo_id: str) -> None:
    """Keep what copies of a photo are found by, and note which photos are copies of it."""
    # The worker alone pays for NumPy: 10 MB that a web process does not need.
    from server.photos.copies.finding import find_copies as find

    found = find(ctx.database, ctx.object_store, UUID(photo_id), clock.now())
    if found:
        log.info("copies_found", photo_id=photo_id, copies=found)


@periodic("photos.print_old", "补做旧照片的比对数据", seconds=3600)
def print_old(ctx: JobContext) -> None:
    """Let photos without a print catch up, some every hour: those from before there were prints."""
    has_print = exists().where(PhotoPrint.photo_id == Photo.id)
    with ctx.database.reading() as session:
        late = session.scalars(
            select(Photo.id)
            .where(Photo.state == PhotoState.READY, Photo.received_at < clock.now() - CATCH_UP_AFTER, ~has_print)
            .limit(CATCH_UP)
        ).all()
    for first in range(0, len(late), AT_ONCE):
        with ctx.database.transaction() as session:
            some = late[first : first + AT_ONCE]
            enqueue_each(session, "photos.find_copies", [{"photo_id": photo_id} for photo_id in some])


@job("photos.remove_objects", "删除照片文件", priority=Priority.BULK)
def remove_objects(ctx: JobContext, photo_id: str) -> None:
    """Remove everything stored of a photo that was discarded."""
    for found in list(ctx.object_store.objects(photo_prefix(UUID(photo_id)))):
        ctx.object_store.delete(found.key)


@periodic("photos.sweep_orphans", "清理无主的照片文件", seconds=SWEEP_SECONDS)
def sweep_orphans(ctx: JobContext) -> None:
    """Remove what dead processes and phones left: old files in the staging folder, old objects and pieces in one folder
    of each of the store."""
    now = clock.now()
    files = sweep_staging(ctx.object_store.staging, now)
    shard = int(now.timestamp()) // SWEEP_SECONDS % SHARDS
    objects = sweep_shard(ctx, shard, now - GRACE)
    pieces = sweep_pieces(ctx.object_store, f"{shard:02x}", now - GRACE)
    if files or objects or pieces:
        log.info("orphans_removed", files=files, objects=objects, pieces=pieces)


def sweep_shard(ctx: JobContext, shard: int, before: datetime) -> int:
    """Remove the objects of one folder, put before that instant, that no photo's row speaks of. Returns how many."""
    return remove_orphans(ctx.object_store, shard_prefix(shard), before, partial(_kept, ctx.database))


def _kept(database: Database, objects: Sequence[StoredObject]) -> set[str]:
    photo_ids = {photo_id for found in objects if (photo_id := photo_of(found.key))}
    with database.reading() as session:
        rows = session.execute(select(Photo.id, Photo.object_id).where(Photo.id.in_(photo_ids))).all()
        later = session.execute(
            select(PhotoOriginal.photo_id, PhotoOriginal.object_id).where(PhotoOriginal.photo_id.in_(photo_ids))
        ).all()
    kept = {derived_key(photo_id, variant) for photo_id, _ in rows for variant in ALL_DERIVED}
    return kept | {original_key(photo_id, object_id) for photo_id, object_id in (*rows, *later) if object_id}
