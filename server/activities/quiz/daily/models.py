"""Tables of the question of the day."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class DailyLearner(Base):
    """What somebody answered last, and on how many days in a row.

    One row a person, written over each day: nothing says who answered when, so nothing can ever count or rank it.
    `chosen`: letters of the options ticked, in order, as they stand in the question's version.
    """

    __tablename__ = "quiz_daily_learners"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    answered_on: Mapped[date | None]  # in Shanghai
    version_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("quiz_question_versions.id"))
    chosen: Mapped[str | None] = mapped_column(String(8))
    keeps_streak: Mapped[bool] = mapped_column(default=True)
    days_in_a_row: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint(
            "(answered_on IS NULL) = (version_id IS NULL) AND (answered_on IS NULL) = (chosen IS NULL)",
            name="answer_when_answered",
        ),
        CheckConstraint("keeps_streak OR days_in_a_row = 0", name="no_streak_when_off"),
    )
