"""Tables of tests on the phone after a session."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.activities.quiz.attempts.models import RUNNING, AttemptColumns
from server.core.db import Base


class Exam(Base):
    """The test of a session, as its organiser set it up. Nothing of it changes once somebody has begun.

    `quotas`: what is drawn, in the shape of the quiz's levels (QuotaIn).
    """

    __tablename__ = "training_exams"

    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    quotas: Mapped[list[Any]]
    seconds: Mapped[int]
    pass_mark: Mapped[int]  # points of 100
    tries: Mapped[int]
    open_hours: Mapped[int]  # after the session's end
    is_required: Mapped[bool]  # no certificate without having passed
    set_up_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    set_up_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("seconds BETWEEN 60 AND 7200", name="time_in_range"),
        CheckConstraint("pass_mark BETWEEN 1 AND 100", name="pass_mark_in_range"),
        CheckConstraint("tries BETWEEN 1 AND 9", name="tries_in_range"),
        CheckConstraint("open_hours BETWEEN 1 AND 720", name="open_hours_in_range"),
    )


class ExamAttempt(AttemptColumns, Base):
    """Somebody's try. Tries are counted by the attendance, one for each human being whichever identity they came by."""

    __tablename__ = "training_exam_attempts"

    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_exams.session_id"))
    attendance_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_attendances.id"))
    try_number: Mapped[int]
    pass_mark: Mapped[int]
    questions: Mapped[list[Any]]  # as QuizPaper keeps them

    __table_args__ = (
        # Tries cannot be overdrawn, however many start at once: each takes a number.
        UniqueConstraint("attendance_id", "try_number"),
        Index("uq_training_exam_attempts_running", "attendance_id", unique=True, sqlite_where=RUNNING,
              postgresql_where=RUNNING),
        Index("ix_training_exam_attempts_deadline", "deadline_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_training_exam_attempts_session", "session_id", "attendance_id"),
        Index("ix_training_exam_attempts_person", "person_id"),
        CheckConstraint("(status = 'graded') = (graded_at IS NOT NULL)", name="graded_when_graded"),
        CheckConstraint("(status = 'graded') = (score IS NOT NULL)", name="score_when_graded"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
        CheckConstraint("try_number >= 1", name="tries_begin_at_one"),
    )  # fmt: skip
