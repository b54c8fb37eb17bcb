"""What schemes of assessment may count of special inspections: what was done of what was asked."""

from sqlalchemy.orm import Session

from server.assignments.responses.indicators import count_in_time
from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource
from server.oversight.inspections.queries import NAME


def _count(session: Session, asked: Asked) -> Counted:
    return count_in_time(session, asked, kind=NAME, is_in_time=False)


INDICATORS = (
    Indicator(
        key="inspections_done", name="专项检查完成率", source=OutcomeSource.INSPECTIONS, measure=Measure.PERCENT,
        meaning="本期到期的专项检查里，辖区单位已经交来的占多少。撤回的不算。", count=_count,
    ),
)  # fmt: skip
