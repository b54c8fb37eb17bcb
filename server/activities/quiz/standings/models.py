"""Tables of leaderboards and figures: computed by jobs, read by key."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class BoardKind(StrEnum):
    PEOPLE = "people"
    ENTERPRISES = "enterprises"
    DISTRICTS = "districts"


class QuizBoard(Base):
    """Which snapshot of a leaderboard is shown; 0: none yet. The next is written beside it, and takes its place at
    once."""

    __tablename__ = "quiz_boards"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    board: Mapped[BoardKind] = mapped_column(named_enum(BoardKind, "board"), primary_key=True)
    snapshot: Mapped[int]
    computed_at: Mapped[datetime]


class QuizBoardRow(Base):
    """One place. `subject_id`: the person or union. Shares between 0 and 1."""

    __tablename__ = "quiz_board_rows"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    board: Mapped[BoardKind] = mapped_column(named_enum(BoardKind, "board"), primary_key=True)
    snapshot: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 1, without ties; who left leaves a gap
    rank: Mapped[int]  # equals share one
    subject_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(String(160))
    score: Mapped[int | None]
    duration_ms: Mapped[int | None]
    people: Mapped[int | None]
    coverage: Mapped[float | None] = mapped_column(Float)
    high_share: Mapped[float | None] = mapped_column(Float)

    __table_args__ = (Index("ix_quiz_board_rows_subject", "subject_id", "quiz_id", "board", "snapshot"),)


class QuizBoardPage(Base):
    """One of the first pages of the snapshot that is shown, as it is sent: the same bytes for everybody.

    It goes as soon as somebody on it must not be named any more; what is not kept is read from the rows.
    """

    __tablename__ = "quiz_board_pages"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    board: Mapped[BoardKind] = mapped_column(named_enum(BoardKind, "board"), primary_key=True)
    after: Mapped[int] = mapped_column(primary_key=True)  # the position before its first place
    last: Mapped[int]  # the position of its last place
    digest: Mapped[str] = mapped_column(String(32))  # of the body
    body: Mapped[bytes] = mapped_column(LargeBinary)


class QuestionFigure(Base):
    """How a question's words did in a quiz, as sums that grow with each graded attempt.

    `scores`, `scores_squared` and `scores_right` are sums over attempts of their score, its square, and the score where
    this question was right: enough for the correlation of being right here with doing well. Time in milliseconds.
    """

    __tablename__ = "quiz_question_figures"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quiz_question_versions.id"), primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    right: Mapped[int] = mapped_column(default=0)
    scores: Mapped[float] = mapped_column(Float, default=0)
    scores_squared: Mapped[float] = mapped_column(Float, default=0)
    scores_right: Mapped[float] = mapped_column(Float, default=0)
    timed: Mapped[int] = mapped_column(default=0)
    time_ms: Mapped[float] = mapped_column(Float, default=0)


class QuizFigures(Base):
    """A quiz's figures as they were counted last, and how far its attempts are in the questions' sums."""

    __tablename__ = "quiz_figures"

    quiz_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quizzes.id"), primary_key=True)
    counted_until: Mapped[datetime | None]  # of graded_at, with the attempt's id
    counted_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime | None]
