"""Background work of files. Safe to run twice, and at the same time."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Table, select, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.actions import enqueue
from server.core.jobs.models import Priority
from server.core.jobs.registry import GiveUp, JobContext, job, periodic
from server.core.storage.base import ObjectMissing, StoredObject, path_or_bytes
from server.core.storage.orphans import GRACE, remove_orphans
from server.kit.files.actions import DERIVE_JOB, REMOVE_JOB, STRIP_JOB
from server.kit.files.models import AttachedFile, FileState
from server.kit.files.queries import is_object_kept
from server.kit.files.serving.keys import object_key, shard_prefix
from server.photos.pictures.keys import SHARDS, Variant
from server.photos.pictures.limited import Undecodable, derive_limited

log = structlog.get_logger(__name__)

UNSHOWN = (FileState.RECEIVED, FileState.DAMAGED)
SWEEP_SECONDS = 300  # one of 256 folders each time: all of them within a day
LATER = timedelta(minutes=5)


@job(DERIVE_JOB, "处理附件图片")
def make_derivatives(ctx: JobContext, object_id: UUID) -> None:
    """Make what is shown of a picture, upright and without metadata, for every row that has it; or note that it cannot
    be shown."""
    file = _find(ctx.database, object_id)
    if file is None or file.state not in UNSHOWN or not file.is_picture:
        return
    try:
        original = path_or_bytes(ctx.object_store, object_key(object_id))
    except ObjectMissing as error:
        _note(ctx, object_id, state=FileState.DAMAGED)
        raise GiveUp(f"附件 {object_id} 的原件不见了；找回以后再试一次就会补上") from error
    try:
        made = derive_limited(original, file.media_type, file.width or 0, file.height or 0, ctx.settings)
    except Undecodable as error:
        log.warning("file_damaged", object_id=str(object_id), reason=str(error))
        _note(ctx, object_id, state=FileState.DAMAGED)
        return
    ctx.object_store.put_bytes(object_key(object_id, Variant.DISPLAY), made.display, "image/jpeg")
    ctx.object_store.put_bytes(object_key(object_id, Variant.THUMBNAIL), made.thumbnail, "image/jpeg")
    _note(ctx, object_id, state=FileState.READY, width=made.width, height=made.height)


def _find(database: Database, object_id: UUID) -> AttachedFile | None:
    """A row that has the object: one that is still to be shown, if there is any."""
    those = select(AttachedFile).where(AttachedFile.object_id == object_id)
    with database.reading() as session:
        waiting = session.scalars(those.where(AttachedFile.state.in_(UNSHOWN)).limit(1)).one_or_none()
        return waiting or session.scalars(those.limit(1)).one_or_none()


def _note(ctx: JobContext, object_id: UUID, **values: object) -> None:
    """Move all rows on that have it. If they have gone meanwhile, leave nothing behind."""
    table = cast(Table, AttachedFile.__table__)
    with ctx.database.transaction() as session:
        session.execute(
            update(table).where(table.c.object_id == object_id, table.c.state.in_(UNSHOWN)).values(**values)
        )
        is_kept = is_object_kept(session, object_id)
    if not is_kept:
        _delete(ctx, object_id)


@job(REMOVE_JOB, "删除附件", priority=Priority.BULK)
def remove_objects(ctx: JobContext, object_id: UUID) -> None:
    """Remove what is stored of a file, unless a row still has it. None can begin to: rows are copied under a lock."""
    with ctx.database.reading() as session:
        if is_object_kept(session, object_id):
            return
    _delete(ctx, object_id)


def _delete(ctx: JobContext, object_id: UUID) -> None:
    for variant in Variant:
        ctx.object_store.delete(object_key(object_id, variant))


@job(STRIP_JOB, "去掉附件图片里的拍摄信息", priority=Priority.BULK)
def strip_original(ctx: JobContext, object_id: UUID) -> None:
    """Put the display copy, which carries nothing of camera or place, where the original of a picture was."""
    file = _find(ctx.database, object_id)
    if file is None:
        return
    if file.state is FileState.RECEIVED:  # its display copy is being made
        with ctx.database.transaction() as session:
            enqueue(session, STRIP_JOB, run_at=clock.now() + LATER, object_id=object_id)
    elif file.state is FileState.DAMAGED:
        ctx.object_store.delete(object_key(object_id))
    else:
        with ctx.object_store.open(object_key(object_id, Variant.DISPLAY)) as stream:
            content = stream.read()
        ctx.object_store.put_bytes(object_key(object_id), content, "image/jpeg")
        table = cast(Table, AttachedFile.__table__)
        is_now = {"media_type": "image/jpeg", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        with ctx.database.transaction() as session:
            session.execute(update(table).where(table.c.object_id == object_id).values(**is_now))


@periodic("files.sweep_orphans", "清理无主的附件", seconds=SWEEP_SECONDS)
def sweep_orphans(ctx: JobContext) -> None:
    """Remove old objects in one folder of the store that no row speaks of."""
    now = clock.now()
    removed = sweep_shard(ctx, int(now.timestamp()) // SWEEP_SECONDS % SHARDS, now - GRACE)
    if removed:
        log.info("orphans_removed", objects=removed)


def sweep_shard(ctx: JobContext, shard: int, before: datetime) -> int:
    """The same of one folder, and of what was put before that instant. Returns how many."""
    return remove_orphans(ctx.object_store, shard_prefix(shard), before, partial(_kept, ctx.database))


def _kept(database: Database, objects: Sequence[StoredObject]) -> set[str]:
    known = {each for found in objects if (each := _object_of(found.key))}
    with database.reading() as session:
        kept = session.scalars(select(AttachedFile.object_id).where(AttachedFile.object_id.in_(known)).distinct()).all()
    return {object_key(object_id, variant) for object_id in kept for variant in Variant}


def _object_of(key: str) -> UUID | None:
    try:
        return UUID(key.rpartition("/")[2].partition(".")[0])
    except ValueError:
        return None
