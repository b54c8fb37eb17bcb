"""Making copies of people's data, and forgetting people. Safe to run twice."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import delete, select

from server.core import clock
from server.core.jobs.actions import enqueue
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic
from server.core.storage.base import ObjectMissing, staging_file
from server.photos.models import Photo, PhotoState
from server.photos.originals.actions import forget_original
from server.photos.pictures.keys import Variant, derived_key, original_key
from server.privacy.actions import ERASE_JOB, EXPORT_JOB
from server.privacy.copies.gathering import gather, stored_of
from server.privacy.copies.links import export_key
from server.privacy.erasure.erasing import FILE_JOB, STRIP_JOB, erase_person
from server.privacy.models import DataExport, Erasure, ExportState

HOLDS = timedelta(hours=24)
MAKING_AT_MOST = timedelta(days=1)
LATER = timedelta(minutes=10)
README = (
    "这是“安全随手拍”里存的关于你的信息（《个人信息保护法》第四十五条）。\n"
    "“我的信息.json”按种类列出每一条记录；“照片”里是你传过的照片，按上报编号分开；“附件”里是你传过的别的文件。\n"
    "里面有个人信息，请妥善保管，不要转发给别人。\n"
)

log = structlog.get_logger(__name__)


@job(EXPORT_JOB, "准备个人信息副本", max_seconds=3600, priority=Priority.BULK)
def make_export(ctx: JobContext, export_id: UUID) -> None:
    """Put everything that is kept about the person into an archive."""
    with ctx.database.reading() as session:
        export = session.get(DataExport, export_id)
        if export is None or export.state is ExportState.READY:
            return
        found, stored = gather(session, export.person_id), list(stored_of(session, export.person_id))
    path = staging_file(ctx.object_store.staging)
    try:
        _write(ctx, path, json.dumps(found, ensure_ascii=False, indent=1), stored)
        size = path.stat().st_size
        ctx.object_store.put_file(export_key(export_id), path, "application/zip")
    finally:
        path.unlink(missing_ok=True)
    with ctx.database.transaction() as session:
        export = session.get(DataExport, export_id, with_for_update=True)
        if export is None:  # the person was forgotten meanwhile
            enqueue(session, FILE_JOB, export_id=export_id)
        else:
            export.state, export.size, export.expires_at = ExportState.READY, size, clock.now() + HOLDS


def _write(ctx: JobContext, path: Path, content: str, stored: list[tuple[str, str]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("说明.txt", README)
        archive.writestr("我的信息.json", content)
        for name, key in stored:
            try:
                with ctx.object_store.open(key) as stream:
                    archive.writestr(name, stream.read(), zipfile.ZIP_STORED)
            except ObjectMissing:
                log.warning("export_file_missing", key=key)


@job(FILE_JOB, "删除个人信息副本")
def remove_export(ctx: JobContext, export_id: UUID) -> None:
    """Remove an archive that nobody may have any more."""
    ctx.object_store.delete(export_key(export_id))


@periodic("privacy.remove_expired", "清理过期的个人信息副本", seconds=3600)
def remove_expired(ctx: JobContext) -> None:
    """Drop copies whose link has run out, and let jobs be made again that were lost with a restored backup."""
    now = clock.now()
    with ctx.database.transaction() as session:
        expired = delete(DataExport).where(DataExport.expires_at < now).returning(DataExport.id)
        for export_id in session.scalars(expired).all():
            enqueue(session, FILE_JOB, export_id=export_id)
        stuck = DataExport.requested_at < now - MAKING_AT_MOST
        session.execute(delete(DataExport).where(DataExport.state == ExportState.MAKING, stuck))
        late = select(Erasure.id).where(Erasure.done_at.is_(None), Erasure.due_at < now - timedelta(hours=1))
        for erasure_id in session.scalars(late).all():
            enqueue(session, ERASE_JOB, erasure_id=erasure_id)


@job(ERASE_JOB, "注销个人信息", priority=Priority.BULK)
def erase(ctx: JobContext, erasure_id: UUID) -> None:
    """Forget a person whose days of grace are over."""
    with ctx.database.transaction() as session:
        done = erase_person(session, erasure_id, now=clock.now())
    if done:
        log.info("person_erased")


@job(STRIP_JOB, "去掉照片里的拍摄信息", priority=Priority.BULK)
def strip_photo(ctx: JobContext, photo_id: UUID) -> None:
    """Put the copy that is shown, which carries nothing of camera or place, where the original was."""
    with ctx.database.transaction() as session:
        photo = session.get(Photo, photo_id)
        followed = forget_original(session, photo_id)
    if followed:
        ctx.object_store.delete(followed)
    if photo is None or photo.object_id is None:
        return
    key = original_key(photo.id, photo.object_id)
    if photo.state is PhotoState.RECEIVED:  # its display copy is being made
        with ctx.database.transaction() as session:
            enqueue(session, STRIP_JOB, run_at=clock.now() + LATER, photo_id=photo_id)
    elif photo.state is PhotoState.DAMAGED:
        ctx.object_store.delete(key)
    else:
        shown, media_type = (Variant.VIDEO, "video/mp4") if photo.is_video else (Variant.DISPLAY, "image/jpeg")
        with ctx.object_store.open(derived_key(photo.id, shown)) as stream:
            ctx.object_store.put_bytes(key, stream.read(), media_type)
        with ctx.database.transaction() as session:
            session.get_one(Photo, photo_id, with_for_update=True).media_type = media_type
