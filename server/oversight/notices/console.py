"""Pages of notices: the two registers, and the paper of a numbered one. The rest stands with assignments and tasks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template
from sqlalchemy.orm import Session

from server.assignments.dispatch.queries import get_open
from server.core.clock import day_in_words
from server.core.errors import NotFound
from server.core.web.access import requires
from server.core.web.unit_of_work import read_only_session
from server.kit.documents.files.doors import add_document_doors
from server.kit.documents.files.downloads import has_office
from server.kit.documents.files.store import paper_of
from server.kit.documents.papers.kinds import Paper
from server.kit.documents.queries import find_document
from server.kit.exports.ledgers.sending import send_ledger
from server.kit.listing import show_list
from server.oversight.notices.document import NOTICE_DOCUMENT, details_of, words_of
from server.oversight.notices.listing import RECEIVED, SENT
from server.oversight.notices.queries import KIND
from server.oversight.notices.schemas import NoticeForm
from server.unions.actor import Actor, current_actor

bp = Blueprint("notices_console", __name__, url_prefix="/console/notices", template_folder="templates")


@bp.get("")
@requires("notice.read")
def sent() -> str:
    """What was sent."""
    return render_template("notices/list.html", page=show_list(SENT), is_sent=True)


@bp.get("/ledger.xlsx")
@requires("notice.read")
def sent_ledger() -> Response:
    """发文登记簿."""
    return send_ledger(SENT)


@bp.get("/received")
@requires("notice.read")
def received() -> str:
    """What came."""
    return render_template("notices/list.html", page=show_list(RECEIVED), is_sent=False)


@bp.get("/received/ledger.xlsx")
@requires("notice.read")
def received_ledger() -> Response:
    """收文登记簿."""
    return send_ledger(RECEIVED)


@bp.get("/<uuid:notice_id>")
@requires("notice.read")
def show_paper(notice_id: UUID) -> str:
    """The paper of a numbered notice, to read and to download."""
    with read_only_session() as reader:
        words, _ = _draft_of(reader, notice_id, current_actor())
        document = find_document(reader, NOTICE_DOCUMENT, notice_id)
    paper = paper_of(document) if document else Paper(words)
    return render_template(
        "notices/paper.html", notice_id=notice_id, paper=paper, document=document, has_office=has_office(),
        issued_day=day_in_words(paper.issued_on) if paper.issued_on else "",
    )  # fmt: skip


def _draft_of(session: Session, notice_id: UUID, actor: Actor) -> tuple[Mapping[str, Any], str]:
    notice = get_open(session, notice_id, actor, KIND)
    if details_of(notice).form is not NoticeForm.DOCUMENT:
        raise NotFound("这份通知没有文号，不生成公文。", code="no_paper")
    return words_of(session, notice), "公文草稿.docx"


add_document_doors(bp, NOTICE_DOCUMENT, "notice", "notice.read", _draft_of)
