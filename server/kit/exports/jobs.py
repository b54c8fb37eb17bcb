"""Writing long sheets, and removing them when they have expired. Safe to run twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from server.core import clock
from server.core.errors import AppError
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic
from server.core.sheets import save_book
from server.core.storage.base import staging_file
from server.kit.exports.actions import HOLDS, PAPERS_JOB, WRITE_JOB, drop_expired, finish_export, note_progress
from server.kit.exports.books.declared import AskedBook
from server.kit.exports.ledgers.layout import ledger_sheet
from server.kit.exports.models import ExportState, ListExport
from server.kit.exports.papers.sets import PickedPapers
from server.kit.exports.papers.writing import write_papers
from server.kit.exports.queries import KEPT_UNDER, book_of, file_of, find_asker, get_listing, request_of
from server.kit.pages import R
from server.kit.rows import count_rows, walk_rows

MAX_ROWS = 1_000_000
"""A sheet of Excel holds little more."""
TOLD_EVERY = 1000


Fill = Callable[[JobContext, ListExport, Path], bool]


@job(WRITE_JOB, "写台账文件", max_seconds=3600, priority=Priority.BULK)
def write_list(ctx: JobContext, export_id: UUID) -> None:
    """Write the sheet or the book, put it into the store, and say so. Begun anew if the worker died over it."""
    _make(ctx, export_id, _write_workbook)


@job(PAPERS_JOB, "合并打印文件", max_seconds=3600)
def make_papers(ctx: JobContext, export_id: UUID) -> None:
    """The same of a file of papers, for which somebody waits."""
    _make(ctx, export_id, _write_papers)


def _make(ctx: JobContext, export_id: UUID, fill: Fill) -> None:
    with ctx.database.reading() as session:
        export = session.get(ListExport, export_id)
        if export is None or export.state is not ExportState.WRITING:
            return
    key, media_type = file_of(export)
    path = staging_file(ctx.object_store.staging)
    try:
        state = ExportState.READY if fill(ctx, export, path) else ExportState.FAILED
        if state is ExportState.READY:
            ctx.object_store.put_file(key, path, media_type)
    except AppError as error:
        if error.status >= 500:
            raise  # an outage: tried again
        state = ExportState.FAILED
    finally:
        path.unlink(missing_ok=True)
    with ctx.database.transaction() as session:
        is_wanted = finish_export(session, export_id, state, now=clock.now())
    if not is_wanted:
        ctx.object_store.delete(key)


def _write_workbook(ctx: JobContext, export: ListExport, path: Path) -> bool:
    asked = book_of(export)
    return _write_sheet(ctx, export, path) if asked is None else _write_book(ctx, export, path, asked)


def _write_book(ctx: JobContext, export: ListExport, path: Path, asked: AskedBook) -> bool:
    with ctx.database.reading() as session:
        actor = find_asker(session, export)
        if actor is None:
            return False
        book, when = asked.book, export.requested_at
        _note(ctx, export.id, total=book.count(session, asked.subject_id, actor, when))
        first, *others = book.sheets(session, asked.subject_id, actor, when)
        with path.open("wb") as target:
            save_book(target, replace(first, rows=_told(ctx, export.id, iter(first.rows))), *others)
    return True


def _write_sheet(ctx: JobContext, export: ListExport, path: Path) -> bool:
    with ctx.database.reading() as session:
        actor, listing = find_asker(session, export), get_listing(export.list_name)
        if actor is None:
            return False
        asked = request_of(session, listing, export, actor)
        total = count_rows(listing, asked, MAX_ROWS + 1)
        if total > MAX_ROWS:  # said, never cut off
            return False
        if listing.visible is None:  # else the number would tell how many rows are left out
            _note(ctx, export.id, total=total)
        with path.open("wb") as target:
            rows = _told(ctx, export.id, walk_rows(listing, asked))
            save_book(target, ledger_sheet(listing, asked, rows))
    return True


def _write_papers(ctx: JobContext, export: ListExport, path: Path) -> bool:
    picked = PickedPapers.of(export.papers or {})
    with ctx.database.reading() as session:
        actor = find_asker(session, export)
        papers = picked.set.read(session, actor, picked.row_ids, export.requested_at) if actor is not None else ()
    if not papers:
        return False
    _note(ctx, export.id, total=len(papers))
    return write_papers(ctx, picked, papers, path, lambda written: _note(ctx, export.id, written=written))


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
