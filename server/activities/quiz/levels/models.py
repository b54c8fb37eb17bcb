"""Tables of a quiz and its levels."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class Opening(StrEnum):
    """How levels open: each on its day, or when the one before is passed."""

    BY_DAY = "by_day"
    BY_PASSING = "by_passing"


class Quiz(Base):
    """The law quiz of a campaign. Workers see it once it is published; what was published stays open to view."""

    __tablename__ = "quizzes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    rules: Mapped[str] = mapped_column(Text, default="")  # in the organisers' words
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opening: Mapped[Opening] = mapped_column(named_enum(Opening, "opening"))
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        Index(
            "ix_quizzes_published",
            "closes_at",
            sqlite_where=text("published_at IS NOT NULL"),
            postgresql_where=text("published_at IS NOT NULL"),
        ),
    )


class QuizLevel(Base):
    """One level. `quotas`: a list of {topic, difficulty, kind (each or null), count}, the shape of QuotaIn."""

    __tablename__ = "quiz_levels"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
    opens_at: Mapped[datetime | None]  # when levels open by day
    seconds: Mapped[int]
    pass_mark: Mapped[int]  # points of 100
    tries_per_day: Mapped[int]
    quotas: Mapped[list[Any]]

    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 30", name="number_in_range"),
        CheckConstraint("seconds BETWEEN 30 AND 7200", name="time_in_range"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark_in_range"),
        CheckConstraint("tries_per_day BETWEEN 1 AND 99", name="tries_in_range"),
    )
