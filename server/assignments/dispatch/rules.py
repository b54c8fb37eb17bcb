"""What needs no database: days, and what is missing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from server.assignments.dispatch.models import AssignmentStatus, RecipientStatus
from server.core.clock import SHANGHAI, day_of
from server.core.errors import Invalid
from server.kit.deadlines.calendar.working_days import END_OF_DAY

ENDED = frozenset({AssignmentStatus.WITHDRAWN, AssignmentStatus.REPLACED, AssignmentStatus.CLOSED})
OWING_REPLY = (RecipientStatus.SENT, RecipientStatus.RECEIVED, RecipientStatus.BEGUN, RecipientStatus.RETURNED)
HANDED_IN = (RecipientStatus.SUBMITTED, RecipientStatus.ACCEPTED)
REMIND_WITHIN = timedelta(days=7)
"""How long after its day a reminder is made up for, over holidays."""


def end_of(day: date | None) -> datetime | None:
    """The last second of a day in Shanghai."""
    return datetime.combine(day, END_OF_DAY, SHANGHAI) if day is not None else None


def refuse_past(day: date | None, now: datetime) -> Invalid | None:
    """Why this cannot be the day by which something is asked."""
    if day is None or day >= day_of(now):
        return None
    return Invalid("截止日期已经过了，请改一个日期。", fields={"due_on": "不能早于今天"})


def refuse_later(day: date | None, above: date | None, now: datetime) -> Invalid | None:
    """Why what is passed on cannot be due on that day: the day above comes first. Once that has passed any day to come
    will do, but there must be one; what is handed in counts as late above."""
    if above is None or (day is not None and day <= above):
        return None
    if above >= day_of(now):
        return Invalid(fields={"due_on": f"不能晚于上级要求的 {above.month}月{above.day}日"})
    return Invalid(fields={"due_on": "上级要求的日期已过，请另定一个日期"}) if day is None else None


def owing(*, wants_receipt: bool, wants_reply: bool) -> Sequence[RecipientStatus]:
    """The states in which a recipient still owes what it was asked."""
    if wants_reply:
        return OWING_REPLY
    return (RecipientStatus.SENT,) if wants_receipt else ()


def answerers(named_id: UUID | None, reviewers: Sequence[UUID]) -> Sequence[UUID]:
    """Who answers for a union: whoever it named, as long as they review there; else each of its reviewers."""
    return [named_id] if named_id is not None and named_id in reviewers else reviewers


def reminder_day(due_on: date, remind_days: int, sent_on: date, today: date) -> date | None:
    """The day of the last reminder that is due by today: some days before the date, on it, or the day after. None where
    there is none, or it was before the day of sending, or is no news any more."""
    days = (due_on - timedelta(days=remind_days), due_on, due_on + timedelta(days=1))
    last = max((day for day in days if sent_on < day <= today), default=None)
    return last if last is not None and today - last <= REMIND_WITHIN else None
