"""Reads of what is counted: the submissions behind the counts, and sums of the counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session

from server.core.db import counted
from server.reports.rollups.models import FigureChange, FigureDay
from server.reports.rollups.rules import MEASURES, Part
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.models import Status, Submission
from server.unions.tree.lookup.flags import FLAG_SUM
from server.unions.tree.models import Union

TABLE = cast(Table, FigureDay.__table__)
MOST_WAITING = 1000  # more changes are not told apart
COMPARED = (
    "submitted", "accepted", "closed", "answer_in_time", "answer_late", "answer_overdue", "rectified_in_time",
    "rectified_late", "rectify_overdue", "closings",
)  # fmt: skip
"""What the parts of a whole, and the unions below, are compared by; adding up all measures takes twice as long."""
DRAWN = ("submitted", "closings")
"""What a trend draws."""

ROWS = (
    select(
        Submission.id,
        Submission.kind,
        Submission.status,
        Submission.campaign_id,
        Submission.category,
        Submission.grade,
        Submission.city_id,
        Submission.district_id,
        Submission.town_id,
        Submission.enterprise_id,
        Submission.created_at,
        Submission.due_at,
        Submission.decided_at,
        Union.industry,
        FLAG_SUM.label("flags"),
        Rectification.status.label("rectify_status"),
        Rectification.due_at.label("rectify_due_at"),
        Rectification.submitted_at,
        Rectification.closed_at,
    )
    .outerjoin(
        Rectification,
        (Rectification.submission_id == Submission.id) & (Rectification.status != RectifyStatus.VOIDED),
    )
    .outerjoin(Union, Union.id == Submission.enterprise_id)
    .where(Submission.status != Status.INCOMPLETE, Submission.due_at.is_not(None))
)
"""What has arrived, as rules.fact_of takes it: the same submissions that the queue lists."""


def find_rows(session: Session, submission_ids: Collection[UUID]) -> Sequence[Any]:
    """These submissions, as far as they are counted."""
    return session.execute(ROWS.where(Submission.id.in_(submission_ids))).all()


def count_waiting(session: Session) -> int:
    """How many changes are not counted yet, MOST_WAITING at most."""
    return session.scalar(counted(select(FigureChange.id), MOST_WAITING)) or 0


@dataclass(frozen=True, slots=True)
class Slot:
    """What to add up: below which union, of which campaign (None: all), cut by which flags, from which day to which.
    Without days, everything."""

    union_id: UUID
    campaign_id: UUID | None
    flags: int = 0
    since: date | None = None
    until: date | None = None

    def where(self, *parts: Part, union: ColumnElement[bool] | None = None) -> list[ColumnElement[bool]]:
        """The rows of these parts; `union` in place of the slot's own."""
        conditions = [
            TABLE.c.union_id == self.union_id if union is None else union,
            TABLE.c.flags == self.flags,
            TABLE.c.part.in_(parts),
        ]
        if self.campaign_id is not None:
            conditions.append(TABLE.c.campaign_id == self.campaign_id)
        if self.since is not None:
            conditions.append(TABLE.c.day >= self.since)
        if self.until is not None:
            conditions.append(TABLE.c.day <= self.until)
        return conditions


def sum_parts(
    session: Session, slot: Slot, *parts: Part, measures: Sequence[str] = MEASURES
) -> dict[tuple[Part, str], Mapping[str, int]]:
    """The sums of the measures, by part and key."""
    statement = select(TABLE.c.part, TABLE.c.key, *_sums(measures)).where(*slot.where(*parts))
    rows = session.execute(statement.group_by(TABLE.c.part, TABLE.c.key))
    return {(Part(row.part), row.key): _measures(row, measures) for row in rows}


def sum_days(session: Session, slot: Slot) -> dict[date, Mapping[str, int]]:
    """What a trend draws of all hazards, by day."""
    rows = session.execute(select(TABLE.c.day, *_sums(DRAWN)).where(*slot.where(Part.ALL)).group_by(TABLE.c.day))
    return {row.day: _measures(row, DRAWN) for row in rows}


def sum_unions(session: Session, slot: Slot, unions: Select[Any]) -> dict[UUID, Mapping[str, int]]:
    """What is compared of all hazards below each of `unions` (a statement of ids)."""
    where = slot.where(Part.ALL, union=TABLE.c.union_id.in_(unions))
    rows = session.execute(select(TABLE.c.union_id, *_sums(COMPARED)).where(*where).group_by(TABLE.c.union_id))
    return {row.union_id: _measures(row, COMPARED) for row in rows}


def _sums(measures: Sequence[str]) -> list[ColumnElement[int]]:
    return [func.sum(TABLE.c[name]).label(name) for name in measures]


def _measures(row: Any, names: Sequence[str]) -> Mapping[str, int]:
    return {name: int(getattr(row, name)) for name in names}
