"""When a test may be begun, and what is drawn for it. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from server.activities.quiz.levels.schemas import QUOTAS, QuotaIn
from server.core.errors import AppError, Conflict
from server.oversight.exams.models import Exam
from server.oversight.training.models import Attendance, SessionStatus, TrainingSession

CHANGING = (SessionStatus.RUNNING, SessionStatus.INCOMPLETE, SessionStatus.RETURNED)
"""While the list of who was there may change."""


def quotas_of(topics: Sequence[str], difficulty: int | None, count: int) -> list[QuotaIn]:
    """The questions spread evenly over the topics, the first ones get what is left over."""
    wanted: Sequence[str | None] = topics or [None]
    share, rest = divmod(count, len(wanted))
    counts = [share + (place < rest) for place in range(len(wanted))]
    return [
        QuotaIn(topic=topic, difficulty=difficulty, count=each)
        for topic, each in zip(wanted, counts, strict=True) if each
    ]  # fmt: skip


def read_quotas(exam: Exam) -> tuple[QuotaIn, ...]:
    """What is drawn."""
    return QUOTAS.validate_python(exam.quotas)


def count_questions(exam: Exam) -> int:
    """How many are asked."""
    return sum(quota.count for quota in read_quotas(exam))


def closes_at(row: TrainingSession, open_hours: int) -> datetime:
    """Until when it can be handed in."""
    return row.ends_at + timedelta(hours=open_hours)


def refuse_now(exam: Exam, row: TrainingSession, own: Attendance | None, now: datetime) -> AppError | None:
    """Why somebody cannot begin, as far as the session says; None if they can."""
    if own is None:
        return Conflict("您还没有签到。签到以后才能测验；没法签到的，找培训人登记。", code="not_checked_in")
    if own.is_struck:
        return Conflict("培训人登记您没有到场。有疑问请找培训人。", code="struck")
    if row.status not in CHANGING:
        return Conflict("这场培训的资料已经提交，不能再测验。", code="exam_closed")
    if now < row.check_out_from:
        return Conflict("还没有到测验的时间，快结束时开放。", code="exam_not_open")
    if now >= closes_at(row, exam.open_hours):
        return Conflict("测验的时间已经过了。有疑问请找培训人。", code="exam_closed")
    return None
