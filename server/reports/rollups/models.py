"""Tables of counts per union, campaign and day (decision 56)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class FigureChange(Base):
    """A submission about which something changed that is counted. Written by triggers, taken away by the job that
    counts it again; the same one may stand here more than once."""

    __tablename__ = "figure_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid())  # no reference: it may be gone since


class FigureFact(Base):
    """How a submission was counted last, so that it can be taken out of the counts again. `fact`: rules.Fact."""

    __tablename__ = "figure_facts"

    submission_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    fact: Mapped[dict[str, Any]]
    turns_at: Mapped[datetime | None]  # when it is overdue, unless something happens before: it is counted again then

    __table_args__ = (
        Index(
            "ix_figure_facts_turns_at",
            "turns_at",
            sqlite_where=text("turns_at IS NOT NULL"),
            postgresql_where=text("turns_at IS NOT NULL"),
        ),
    )


class FigureDay(Base):
    """What is counted of one day below one union: of all hazards, or of a part of them (`part` and `key`: a category, a
    grade, an industry, or another kind of submission). `flags`: of enterprises that have at least these.

    The key is in the order of reading: a union, a cut, a part, some days.
    """

    __tablename__ = "figure_days"

    union_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    flags: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)

    # by the day it was sent
    submitted: Mapped[int]
    waiting: Mapped[int]
    returned: Mapped[int]
    accepted: Mapped[int]
    declined: Mapped[int]
    duplicate: Mapped[int]
    withdrawn: Mapped[int]
    running: Mapped[int]  # being put right
    closed: Mapped[int]
    answer_in_time: Mapped[int]
    answer_late: Mapped[int]  # decided late
    answer_overdue: Mapped[int]  # not decided yet, and late
    answers: Mapped[int]
    answer_days: Mapped[int]  # sum of the days that answers took

    # by the day that it was to be put right
    rectified_in_time: Mapped[int]
    rectified_late: Mapped[int]
    rectify_overdue: Mapped[int]  # not put right yet, and late

    # by the day it was closed
    closings: Mapped[int]
    closing_days: Mapped[int]  # sum of the days from sending to closing
