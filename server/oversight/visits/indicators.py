"""What schemes of assessment may count of supervision: whether what visits found was put right in time."""

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share
from server.oversight.visits.models import VisitFinding
from server.review.rectification.models import Rectification
from server.review.rectification.workflow import DONE, DUE


def _count(session: Session, asked: Asked) -> Counted:
    """Of those whose day lies in the period: what is not due yet is neither in time nor late."""
    is_done = Rectification.status.in_(DONE)
    in_time = and_(is_done, Rectification.submitted_at <= Rectification.due_at)
    is_judged = is_done | and_(Rectification.status.in_(DUE), Rectification.due_at < asked.now)
    over, under = session.execute(
        select(func.count(case((in_time, 1))), func.count(case((is_judged, 1))))
        .select_from(Rectification)
        .join(VisitFinding, VisitFinding.submission_id == Rectification.submission_id)
        .where(
            asked.is_below(Rectification), asked.is_within(Rectification.due_at),
            asked.is_of_campaign(Rectification.campaign_id),
        )
    ).one()  # fmt: skip
    campaign = str(asked.campaign_id or "all")
    return share(over, under, asked.href("/console/visits/findings", status="asked", campaign=campaign))


INDICATORS = (
    Indicator(
        key="visit_findings_in_time", name="督导问题按期整改率", source=OutcomeSource.SUPERVISION,
        measure=Measure.PERCENT, count=_count,
        meaning="整改期限在本期内的督导问题，按期报告完成 ÷（按期＋超期，到统计时还没有报告、已过期限的也算超期）。"
        "批准延期的按延后的期限；没到期限的、认定不成立的不算。",
    ),
)  # fmt: skip
