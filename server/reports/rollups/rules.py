"""What counts as what: how one submission, with its rectification, is counted. Pure, and the one place that says so."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from server.core.clock import day_of
from server.review.rectification.models import RectifyStatus
from server.review.rectification.workflow import DONE, DUE, RUNNING
from server.review.submissions.models import Status
from server.unions.tree.lookup.flags import subsets
from server.unions.tree.rules import ANCESTOR_COLUMNS

MEASURES = (
    "submitted", "waiting", "returned", "accepted", "declined", "duplicate", "withdrawn", "running", "closed",
    "answer_in_time", "answer_late", "answer_overdue", "answers", "answer_days",
    "rectified_in_time", "rectified_late", "rectify_overdue", "closings", "closing_days",
)  # fmt: skip
"""The columns of counts, as FigureDay has them."""

STATUS_MEASURES = {
    Status.QUEUED: "waiting",
    Status.RETURNED: "returned",
    Status.ACCEPTED: "accepted",
    Status.DECLINED: "declined",
    Status.DUPLICATE: "duplicate",
    Status.WITHDRAWN: "withdrawn",
}


class Part(StrEnum):
    """What is counted apart, beside the whole."""

    ALL = "all"  # all that is put right once it is accepted: hazards
    CATEGORY = "category"
    GRADE = "grade"
    INDUSTRY = "industry"
    OTHER = "other"  # kinds that nobody puts right: suggestions


class Cell(NamedTuple):
    """The key of a row of counts."""

    union_id: UUID
    flags: int
    part: Part
    day: date
    key: str
    campaign_id: UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """How one submission is counted: where, under which heads, and what on which days (ISO)."""

    unions: list[str]
    campaign_id: str
    flags: int
    heads: list[tuple[str, str]]  # part and key
    days: dict[str, dict[str, int]]

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """As it was kept."""
        return cls(**kept)

    def keep(self) -> dict[str, Any]:
        """To be kept."""
        return asdict(self)

    def amounts(self) -> Iterator[tuple[Cell, str, int]]:
        """Everything that it adds to the counts: to which row, to which measure, how much."""
        campaign_id, cuts = UUID(self.campaign_id), list(subsets(self.flags))
        for union_id in map(UUID, self.unions):
            for part, key in self.heads:
                for day, measures in self.days.items():
                    for flags in cuts:
                        cell = Cell(union_id, flags, Part(part), date.fromisoformat(day), key, campaign_id)
                        yield from ((cell, measure, amount) for measure, amount in measures.items())


def fact_of(row: Any, *, is_rectified: bool, flags: int, now: datetime) -> Fact:
    """How a row of `queries.ROWS` is counted at this moment."""
    days: dict[str, Counter[str]] = {}

    def count(moment: datetime, measure: str, amount: int = 1) -> None:
        days.setdefault(day_of(moment).isoformat(), Counter())[measure] += amount

    _count_answer(row, now, count)
    if row.rectify_status is not None:
        _count_rectification(row, now, count)
    return Fact(
        unions=[str(union_id) for union_id in (getattr(row, name) for name in ANCESTOR_COLUMNS) if union_id],
        campaign_id=str(row.campaign_id),
        flags=flags,
        heads=_heads(row, is_rectified=is_rectified),
        days={day: dict(measures) for day, measures in days.items()},
    )


def turns_at(row: Any, now: datetime) -> datetime | None:
    """When it will be overdue if nothing happens; None if it is already, or has no deadline that runs."""
    deadlines = []
    if row.status is Status.QUEUED:
        deadlines.append(row.due_at)
    if row.rectify_status in DUE:
        deadlines.append(row.rectify_due_at)
    return min((due for due in deadlines if due >= now), default=None)


def _heads(row: Any, *, is_rectified: bool) -> list[tuple[str, str]]:
    if not is_rectified:
        return [(Part.OTHER, row.kind)]
    heads: list[tuple[str, str]] = [(Part.ALL, ""), (Part.CATEGORY, row.category), (Part.INDUSTRY, row.industry or "")]
    return [*heads, (Part.GRADE, str(row.grade))] if row.grade is not None else heads


def _count_answer(row: Any, now: datetime, count: Any) -> None:
    sent = row.created_at
    count(sent, "submitted")
    count(sent, STATUS_MEASURES[row.status])
    if row.decided_at is not None:
        count(sent, "answer_in_time" if row.decided_at <= row.due_at else "answer_late")
        count(sent, "answers")
        count(sent, "answer_days", _days(sent, row.decided_at))
    elif row.status is Status.QUEUED and row.due_at < now:
        count(sent, "answer_overdue")


def _count_rectification(row: Any, now: datetime, count: Any) -> None:
    status, due = row.rectify_status, row.rectify_due_at
    if status in RUNNING:
        count(row.created_at, "running")
    if status in DONE and row.submitted_at is not None:
        count(due, "rectified_in_time" if row.submitted_at <= due else "rectified_late")
    elif status in DUE and due < now:
        count(due, "rectify_overdue")
    if status is RectifyStatus.CLOSED:
        count(row.created_at, "closed")
        count(row.closed_at, "closings")
        count(row.closed_at, "closing_days", _days(row.created_at, row.closed_at))


def _days(start: datetime, end: datetime) -> int:
    """Whole days of the calendar: of an anonymous report nobody may learn more than the day."""
    return max((day_of(end) - day_of(start)).days, 0)
