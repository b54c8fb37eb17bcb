"""The archive of a session as files: the sign-in sheet, the record."""

from uuid import UUID

from flask import Blueprint, Response

from server.core import clock
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.unit_of_work import read_only_session
from server.kit.documents.files.downloads import answer_file
from server.kit.documents.files.store import DOCX
from server.kit.exports.books.sending import send_book
from server.kit.exports.ledgers.sending import note_export
from server.oversight.training import queries
from server.oversight.training.archive.papers import write_session
from server.oversight.training.archive.sign_in_sheet import SIGN_IN_SHEET
from server.unions.actor import current_actor

bp = Blueprint("archive", __name__, url_prefix="/<uuid:session_id>")


@bp.get("/sign-in-sheet.xlsx")
@requires("training.read")
def sign_in_sheet(session_id: UUID) -> Response:
    """签到表: who was there; before that, empty lines to sign on."""
    return send_book(SIGN_IN_SHEET, session_id)


@bp.get("/record.docx")
@requires("training.read")
def record_docx(session_id: UUID) -> Response:
    """培训记录表."""
    actor = current_actor()
    with read_only_session() as reader:
        row = queries.get_session(reader, session_id, actor)
        if not queries.may_see_people(actor, row):
            raise NotFound
        content, name = write_session(reader, row), f"培训记录表 {row.number}"
    note_export(actor.person_id, "培训记录表", 1, clock.now(), name=name)
    return answer_file(content, DOCX, f"{name}.docx")
