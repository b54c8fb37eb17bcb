"""Tables of practice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class PracticeCard(Base):
    """A question that a person once got wrong, and when it should be asked again.

    State, step, stability (days) and difficulty (1–10) are those of FSRS; `round` counts the answers given here.
    """

    __tablename__ = "quiz_practice_cards"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    question_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quiz_questions.id"))
    state: Mapped[int]
    step: Mapped[int | None]
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    due_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("person_id", "question_id"),
        CheckConstraint("state BETWEEN 1 AND 3", name="state_is_known"),
        Index("ix_quiz_practice_cards_due", "person_id", "due_at", "id"),
    )
