"""When a test may be begun, and what is drawn for it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.activities.quiz.levels.schemas import QUOTAS, QuotaIn
from server.core.errors import AppError, Conflict, TooMany
from server.oversight.exams.models import Exam
from server.oversight.training.models import CHANGING, Attendance, TrainingSession


@dataclass(frozen=True, slots=True)
class Tries:
    """What somebody has done of a test so far."""

    begun: int = 0
    best: int | None = None
    has_passed: bool = False
    running_id: UUID | None = None
    graded_id: UUID | None = None  # the last one that was graded

    def left(self, exam: Exam) -> int:
        """How many more they have: none for who passed."""
        return 0 if self.has_passed else max(0, exam.tries - self.begun)


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
        return Conflict("你还没有签到。签到以后才能测验；没法签到的，找培训人登记。", code="not_checked_in")
    if own.is_struck:
        return Conflict("培训人登记你没有到场。有疑问请找培训人。", code="struck")
    if row.status not in CHANGING:
        return Conflict("这场培训的资料已经提交，不能再测验。", code="exam_closed")
    if now < row.check_out_from:
        return Conflict("还没有到测验的时间，快结束时开放。", code="exam_not_open")
    if now >= closes_at(row, exam.open_hours):
        return Conflict("测验的时间已经过了。有疑问请找培训人。", code="exam_closed")
    return None


def refuse_more(exam: Exam, tries: Tries) -> AppError | None:
    """Why somebody who has no paper to finish cannot try again; None if they can."""
    if tries.has_passed:
        return Conflict("已经合格了，不用再考。", code="already_passed")
    if not tries.left(exam):
        return TooMany("测验的次数用完了。没有合格的，可以找培训人核实参加情况。", code="tries_used_up")
    return None
