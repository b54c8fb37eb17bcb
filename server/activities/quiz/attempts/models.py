"""Tables of attempts and of what they add up to."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class AttemptStatus(StrEnum):
    RUNNING = "running"
    GRADED = "graded"


RUNNING = text("status = 'running'")


class AttemptColumns:
    """What every try at a paper has, of a quiz or of whatever else asks questions of the bank: saving an answer and
    grading work on these.

    `answers`: by position ("0", "1" …) the chosen options as a bit mask (bit n: the option shown n-th) and the moment
    in milliseconds since 1970. `option_counts` and `is_multiple` repeat the paper's shape, a character a question
    ("4", "2" …; "m" or "s"), so that an answer is checked by the very statement that saves it.
    """

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    status: Mapped[AttemptStatus] = mapped_column(named_enum(AttemptStatus, "status"))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    option_counts: Mapped[str] = mapped_column(String(50))
    is_multiple: Mapped[str] = mapped_column(String(50))
    answers: Mapped[dict[str, Any]]

    graded_at: Mapped[datetime | None]
    score: Mapped[int | None]  # points of 100
    right: Mapped[int | None]
    has_passed: Mapped[bool | None]


class Attempt(AttemptColumns, Base):
    """Somebody's try at a level. An answer is one UPDATE of this row, so what never changes lies in QuizPaper."""

    __tablename__ = "quiz_attempts"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"))
    level: Mapped[int]
    day: Mapped[date]  # in Shanghai
    try_number: Mapped[int]  # of that person, level and day
    device: Mapped[str] = mapped_column(String(16), default="")  # keyed hash of address and browser

    duration_ms: Mapped[int | None]
    voided_at: Mapped[datetime | None]  # somebody judged that a program played

    __table_args__ = (
        # Tries cannot be overdrawn, however many start at once: each takes a number.
        UniqueConstraint("person_id", "quiz_id", "level", "day", "try_number"),
        Index("uq_quiz_attempts_running", "person_id", "quiz_id", "level", unique=True, sqlite_where=RUNNING,
              postgresql_where=RUNNING),
        Index("ix_quiz_attempts_deadline", "deadline_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_quiz_attempts_graded", "quiz_id", "graded_at"),
        CheckConstraint("(status = 'graded') = (graded_at IS NOT NULL)", name="graded_when_graded"),
        CheckConstraint("(status = 'graded') = (score IS NOT NULL)", name="score_when_graded"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
        CheckConstraint("try_number >= 1", name="tries_begin_at_one"),
    )  # fmt: skip


class QuizPaper(Base):
    """The questions of an attempt, written once: a list of [version id in hex, places of the options as shown]."""

    __tablename__ = "quiz_papers"

    attempt_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("quiz_attempts.id", ondelete="CASCADE"), primary_key=True
    )
    pass_mark: Mapped[int]
    questions: Mapped[list[Any]]


class QuizBest(Base):
    """The best try of a person at a level: the higher score, then the shorter time."""

    __tablename__ = "quiz_bests"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quiz_attempts.id"))
    score: Mapped[int]
    duration_ms: Mapped[int]
    has_passed: Mapped[bool]  # in this or any other try


class QuizStanding(Base):
    """What a person's best tries add up to. `enterprise_id` as of the last graded attempt."""

    __tablename__ = "quiz_standings"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    enterprise_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    score: Mapped[int] = mapped_column(default=0)
    duration_ms: Mapped[int] = mapped_column(default=0)
    levels_passed: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]  # when the last missing level was passed
    is_listed: Mapped[bool] = mapped_column(default=False)  # on leaderboards, by their own tap
    updated_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_quiz_standings_score", "quiz_id", "score"),
        # Holds all that the figures of a subtree add up, and whom a tab of the list leaves out.
        Index("ix_quiz_standings_enterprise", "quiz_id", "enterprise_id", "person_id", "score", "finished_at"),
    )


class SignalKind(StrEnum):
    TOO_FAST = "too_fast"
    EVEN_PACE = "even_pace"
    SHARED_DEVICE = "shared_device"


class Verdict(StrEnum):
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


UNJUDGED = text("verdict IS NULL")


class AttemptSignal(Base):
    """Something about an attempt that people seldom do. A person judges; nothing happens by itself."""

    __tablename__ = "quiz_attempt_signals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quiz_attempts.id", ondelete="CASCADE"))
    kind: Mapped[SignalKind] = mapped_column(named_enum(SignalKind, "kind"))
    detail: Mapped[str] = mapped_column(String(200))
    noticed_at: Mapped[datetime]
    verdict: Mapped[Verdict | None] = mapped_column(named_enum(Verdict, "verdict"))
    reason: Mapped[str] = mapped_column(Text, default="")
    judged_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("attempt_id", "kind"),
        Index("ix_quiz_attempt_signals_unjudged", "id", sqlite_where=UNJUDGED, postgresql_where=UNJUDGED),
        CheckConstraint("(verdict IS NULL) = (judged_at IS NULL)", name="judged_when_judged"),
    )
