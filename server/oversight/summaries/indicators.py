"""What schemes of assessment may count of closing reports: whether they came in time."""

from sqlalchemy.orm import Session

from server.assignments.responses.indicators import count_in_time
from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource
from server.oversight.summaries.queries import NAME


def _count(session: Session, asked: Asked) -> Counted:
    return count_in_time(session, asked, kind=NAME, is_in_time=True)


INDICATORS = (
    Indicator(
        key="summaries_in_time", name="总结按时报送率", source=OutcomeSource.TASKS, measure=Measure.PERCENT,
        meaning="本期到期的总结里，本单位和辖区单位按时报来的占多少。退回修改不算晚。", count=_count,
    ),
)  # fmt: skip
