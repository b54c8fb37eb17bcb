"""The page of a long sheet: how far the job has come, then the download."""

from typing import cast
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template

from server.core import clock
from server.core.errors import Conflict
from server.core.storage.base import ObjectStore
from server.core.web.access import requires
from server.core.web.unit_of_work import read_only_session
from server.kit.exports.actions import roles_of
from server.kit.exports.ledgers.sending import answer_sheet, export_key, note_export
from server.kit.exports.models import ExportState, ListExport
from server.kit.exports.queries import get_export, get_listing
from server.unions.actor import Actor, current_actor

bp = Blueprint("exports_console", __name__, url_prefix="/console/exports", template_folder="templates")


@bp.get("/<uuid:export_id>")
@requires("list.export")
def progress(export_id: UUID) -> str:
    """How far it has come. The page comes again by itself until the sheet is there."""
    with read_only_session() as reader:
        export = get_export(reader, export_id, current_actor().person_id, clock.now())
    listing = get_listing(export.list_name)
    return render_template(
        "exports/export.html", export=export, title=listing.title, back=listing.href(export.query),
        is_writing=export.state is ExportState.WRITING, is_ready=export.state is ExportState.READY,
    )  # fmt: skip


@bp.get("/<uuid:export_id>/ledger.xlsx")
@requires("list.export")
def download(export_id: UUID) -> Response:
    """The sheet, for whoever asked for it and still has the roles that it was written by. On record."""
    actor, now = current_actor(), clock.now()
    with read_only_session() as reader:
        export = get_export(reader, export_id, actor.person_id, now)
    _require_same_roles(export, actor)
    if export.state is not ExportState.READY:
        raise Conflict("台账还没有写好，请稍等。", code="export_not_ready")
    content = cast(ObjectStore, current_app.extensions["object_store"]).open(export_key(export_id))
    listing = get_listing(export.list_name)
    note_export(actor.person_id, listing.title, export.written, now)
    return answer_sheet(content, listing.ledger_name, export.requested_at)


def _require_same_roles(export: ListExport, actor: Actor) -> None:
    if not export.roles.keys() <= roles_of(actor).keys():
        raise Conflict("您的角色变了，请回到列表重新导出。", code="export_of_other_roles")
