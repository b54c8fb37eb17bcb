"""The page of a long sheet, or a file of papers: how far the job has come, then the download."""

from typing import BinaryIO, cast
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template

from server.core import clock
from server.core.clock import day_of
from server.core.errors import Conflict, NotFound
from server.core.storage.base import ObjectStore
from server.core.web.access import requires
from server.core.web.unit_of_work import read_only_session
from server.kit.documents.files.downloads import answer_file, note_downloads
from server.kit.exports.actions import roles_of
from server.kit.exports.books.sending import answer_book
from server.kit.exports.ledgers.sending import answer_sheet, note_export
from server.kit.exports.models import ExportState, ListExport
from server.kit.exports.papers.sets import MEDIA_TYPES
from server.kit.exports.queries import book_of, file_of, get_export, get_listing, papers_of, request_of
from server.unions.actor import current_actor

bp = Blueprint("exports_console", __name__, url_prefix="/console/exports", template_folder="templates")


@bp.get("/<uuid:export_id>")
@requires("list.export")
def progress(export_id: UUID) -> str:
    """How far it has come. The page comes again by itself until the file is there."""
    with read_only_session() as reader:
        export = get_export(reader, export_id, current_actor().person_id, clock.now())
    picked, asked = papers_of(export), book_of(export)
    if asked is not None:
        back, back_label, title = asked.book.href(asked.subject_id), "回去", asked.book.title
    else:
        listing = get_listing(export.list_name)
        back, back_label = listing.href(export.query), listing.title
        title = picked.set.kind.title if picked is not None else _ledger_name(export)
    return render_template(
        "exports/export.html", export=export, back=back, back_label=back_label, picked=picked, title=title,
        is_book=asked is not None,
        is_writing=export.state is ExportState.WRITING, is_ready=export.state is ExportState.READY,
    )  # fmt: skip


@bp.get("/<uuid:export_id>/ledger.xlsx")
@requires("list.export")
def download(export_id: UUID) -> Response:
    """The sheet, for whoever asked for it and still has the roles that it was written by. On record."""
    export = _get_ready(export_id)
    if papers_of(export) is not None:
        raise NotFound
    if (asked := book_of(export)) is not None:
        return answer_book(asked.book, asked.subject_id, _open(export), export.written, export.requested_at)
    name, content = _ledger_name(export), _open(export)
    note_export(current_actor().person_id, get_listing(export.list_name).title, export.written, clock.now())
    return answer_sheet(content, name, export.requested_at)


@bp.get("/<uuid:export_id>/papers")
@requires("list.export")
def download_papers(export_id: UUID) -> Response:
    """The file of papers, likewise. On record for each of the rows."""
    export = _get_ready(export_id)
    picked = papers_of(export)
    if picked is None:
        raise NotFound
    content = _open(export)
    note_downloads(picked.set.kind, picked.row_ids, {"form": picked.form.value, "together": len(picked.row_ids)})
    name = f"{picked.set.kind.title} {day_of(export.requested_at)}.{picked.form}"
    return answer_file(content, MEDIA_TYPES[picked.form], name)


def _ledger_name(export: ListExport) -> str:
    listing = get_listing(export.list_name)
    with read_only_session() as reader:
        return listing.ledger_name(request_of(reader, listing, export, current_actor()))


def _get_ready(export_id: UUID) -> ListExport:
    actor = current_actor()
    with read_only_session() as reader:
        export = get_export(reader, export_id, actor.person_id, clock.now())
    if not export.roles.keys() <= roles_of(actor).keys():
        raise Conflict("您的角色变了，请回到列表重新导出。", code="export_of_other_roles")
    if export.state is not ExportState.READY:
        raise Conflict("文件还没有写好，请稍等。", code="export_not_ready")
    return export


def _open(export: ListExport) -> BinaryIO:
    key, _ = file_of(export)
    return cast(ObjectStore, current_app.extensions["object_store"]).open(key)
