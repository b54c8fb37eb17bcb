"""Having papers of picked rows made as one file; those that have to be issued are issued first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import AppError, NotFound
from server.kit.documents.queries import find_document
from server.kit.exports.actions import ask_for_export
from server.kit.exports.papers.sets import PickedPapers
from server.kit.selections import Decided, Picked, decide_each
from server.review.papers.queries import rectifications_of, submissions_of, visible_submissions
from server.review.papers.schemas import PaperName, PickedOf, PrintIn
from server.review.rectification.papers.issuing import RectificationPaper, issue_paper
from server.review.rectification.papers.kinds import PAPERS
from server.unions.actor import Actor

NONE_YET = "受理以后才有整改"
OUT_OF_SIGHT = "不在您的管理范围内"


def print_picked(
    session: Session, form: PrintIn, rows: Sequence[Picked], query: str, *, actor: Actor, now: datetime
) -> tuple[UUID | None, Decided]:
    """Have the papers of these rows made as one file, `query` being the filters of their list.

    Returns the id of the file to come, None if there is nothing to be in it; and which rows were left out, and why.
    """
    owners = _owners(session, form, [row.id for row in rows], actor)
    ready: list[UUID] = []

    def prepare(row: Picked) -> None:
        if row.id not in owners:
            raise NotFound(OUT_OF_SIGHT if form.paper is PaperName.SHEET else NONE_YET)
        if form.paper is not PaperName.SHEET:
            _issue(session, PAPERS[form.paper], owners[row.id], actor, now)
        ready.append(owners[row.id])

    decided = decide_each(session, rows, prepare)
    if not ready:
        return None, decided
    papers = PickedPapers(form.paper, form.form, tuple(ready))
    return ask_for_export(session, form.of, query, actor=actor, now=now, papers=papers), decided


def _owners(session: Session, form: PrintIn, row_ids: Sequence[UUID], actor: Actor) -> Mapping[UUID, UUID]:
    """What the paper of each row is of: its hazard, or its rectification. Rows that have none are left out."""
    is_of_hazards = form.paper is PaperName.SHEET
    if form.of is PickedOf.QUEUE:
        if is_of_hazards:
            return {each: each for each in visible_submissions(session, row_ids, actor)}
        return rectifications_of(session, row_ids, actor)
    known = submissions_of(session, row_ids, actor)
    return known if is_of_hazards else {each: each for each in known}


def _issue(session: Session, paper: RectificationPaper, rectification_id: UUID, actor: Actor, now: datetime) -> None:
    """Issue it, or be content with the one that is there."""
    try:
        issue_paper(session, paper, rectification_id, actor=actor, now=now)
    except AppError:
        if find_document(session, paper.kind, rectification_id) is None:
            raise
