"""Supervision (督导): where teams went, what they found, what of it was put right."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from server.assignments.forms.ports import Wanted
from server.kit.filters import within_days
from server.oversight.visits.models import Visit, VisitFinding
from server.oversight.visits.queries import WENT
from server.reports.figures.schemas import Counts
from server.reports.figures.sources.source import Source, address, is_below
from server.reports.figures.texts import FigureText
from server.review.rectification.models import Rectification, RectifyStatus

_FIGURES = (
    FigureText("visits", "督导次数", "本期去过本单位和辖区企业、记录已经交齐的督导，哪级工会组织的都算，不分活动。"),
    FigureText("enterprises", "督导企业数", "这些督导去过的企业，一家去几次都算一家。", depth=1),
    FigureText("findings", "督导提出问题", "这些督导的意见书里请企业整改的问题；后来认定不成立的不算。"),
    FigureText("rectified", "督导问题已整改", "其中复查通过、已经销号的。", depth=1),
)


def _count(session: Session, wanted: Wanted) -> Counts:
    """Of visits to enterprises of the subtree. A finding is a rectification once its opinion was sent."""
    those = (is_below(session, Visit, wanted), Visit.status.in_(WENT), *within_days(Visit.visited_on, wanted))
    visits, enterprises = session.execute(
        select(func.count(), func.count(Visit.enterprise_id.distinct())).where(*those)
    ).one()
    is_closed = Rectification.status == RectifyStatus.CLOSED
    findings, rectified = session.execute(
        select(func.count(), func.coalesce(func.sum(case((is_closed, 1), else_=0)), 0))
        .select_from(Visit)
        .join(VisitFinding, VisitFinding.visit_id == Visit.id)
        .join(Rectification, Rectification.submission_id == VisitFinding.submission_id)
        .where(*those, Rectification.status != RectifyStatus.VOIDED)
    ).one()
    return Counts({"visits": visits, "enterprises": enterprises, "findings": findings, "rectified": int(rectified)})


def _list(name: str, wanted: Wanted) -> str:
    if name in ("visits", "enterprises"):
        return address("/console/visits", wanted, went="1")
    status = "closed" if name == "rectified" else "asked"
    return address("/console/visits/findings", wanted, status=status, visited="1", campaign="all")


VISITS = Source("visits_", "", _FIGURES, _count, _list)
