"""Numbered documents (发文) that unions of the subtree sent."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.forms.ports import Wanted
from server.kit.documents.models import Document
from server.kit.filters import within_days
from server.oversight.notices.queries import IN_FORCE, KIND
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.source import Source, address, is_below
from server.reports.figures.texts import FigureText

_FIGURES = (FigureText("documents", "发文数", "本期发出、有文号的公文，下级发的也算；转发上级的和已作废的不算。"),)


def _count(session: Session, wanted: Wanted) -> Counts:
    statement = (
        select(func.count())
        .select_from(Assignment)
        .join(Document, Document.owner_id == Assignment.id)
        .where(Assignment.kind == KIND, Document.kind == KIND, Assignment.status.in_(IN_FORCE))
        .where(is_below(session, Assignment, wanted), *within_days(Assignment.sent_at, wanted))
    )
    if wanted.campaign_id is not None:
        statement = statement.where(Assignment.campaign_id == wanted.campaign_id)
    return Counts({"documents": session.scalar(statement) or 0})


def _list(_name: str, wanted: Wanted) -> str:
    campaign = str(wanted.campaign_id or "all")
    return address("/console/notices", wanted, status="sent", numbered="1", campaign=campaign)


NOTICES = Source("notices_", "", _FIGURES, _count, _list)
