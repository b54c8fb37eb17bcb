"""Writing long sheets, and removing them when they have expired. Safe to run twice."""

from collections.abc import Iterator
from uuid import UUID

from server.core import clock
from server.core.errors import AppError
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic
from server.core.sheets import XLSX, save_book
from server.core.storage.base import staging_file
from server.kit.exports.actions import HOLDS, WRITE_JOB, drop_expired, finish_export, note_progress
from server.kit.exports.ledgers.layout import ledger_sheet
from server.kit.exports.ledgers.sending import KEPT_UNDER, export_key
from server.kit.exports.models import ExportState, ListExport
from server.kit.exports.queries import find_asker, get_listing, request_of
from server.kit.pages import R
from server.kit.rows import count_rows, walk_rows

MAX_ROWS = 1_000_000
"""A sheet of Excel holds little more."""
TOLD_EVERY = 1000


@job(WRITE_JOB, "写台账文件", max_seconds=3600, priority=Priority.BULK)
def write_list(ctx: JobContext, export_id: UUID) -> None:
    """Write the sheet, put it into the store, and say so. Begun anew if the worker died over it."""
    with ctx.database.reading() as session:
        export = session.get(ListExport, export_id)
        if export is None or export.state is not ExportState.WRITING:
            return
    state = _write(ctx, export)
    with ctx.database.transaction() as session:
        is_wanted = finish_export(session, export_id, state, now=clock.now())
    if not is_wanted:
        ctx.object_store.delete(export_key(export_id))


def _write(ctx: JobContext, export: ListExport) -> ExportState:
    path = staging_file(ctx.object_store.staging)
    try:
        with ctx.database.reading() as session:
            actor, listing = find_asker(session, export), get_listing(export.list_name)
            if actor is None:
                return ExportState.FAILED
            asked = request_of(session, listing, export, actor)
            total = count_rows(listing, asked, MAX_ROWS + 1)
            if total > MAX_ROWS:  # said, never cut off
                return ExportState.FAILED
            if listing.visible is None:  # else the number would tell how many rows are left out
                _note(ctx, export.id, total=total)
            with path.open("wb") as target:
                rows = _told(ctx, export.id, walk_rows(listing, asked))
                save_book(target, ledger_sheet(listing, asked, rows))
        ctx.object_store.put_file(export_key(export.id), path, XLSX)
    except AppError as error:
        if error.status >= 500:
            raise  # an outage: tried again
        return ExportState.FAILED
    finally:
        path.unlink(missing_ok=True)
    return ExportState.READY


def _told(ctx: JobContext, export_id: UUID, rows: Iterator[R]) -> Iterator[R]:
    """The rows as they pass, with word of how many there were."""
    written = 0
    for written, row in enumerate(rows, 1):
        if written % TOLD_EVERY == 0:
            _note(ctx, export_id, written=written)
        yield row
    _note(ctx, export_id, written=written)


def _note(ctx: JobContext, export_id: UUID, *, written: int | None = None, total: int | None = None) -> None:
    with ctx.database.transaction() as session:
        note_progress(session, export_id, written=written, total=total)


@periodic("exports.remove_expired", "删除过期的台账文件", seconds=3600)
def remove_expired(ctx: JobContext) -> None:
    """Remove sheets a day after they were made, and the files of those whose rows are gone."""
    now = clock.now()
    with ctx.database.transaction() as session:
        drop_expired(session, now)
    for found in ctx.object_store.objects(KEPT_UNDER):
        if found.modified_at < now - HOLDS:
            ctx.object_store.delete(found.key)
