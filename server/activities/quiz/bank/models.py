"""Tables of the question bank.

A question is a line of versions. A version is never changed: what somebody was asked stays readable for good. A
question is drawn in its approved version; an edit makes a newer one that waits for somebody else's approval meanwhile.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class Question(Base):
    """A question as the bank lists it. Kind, topic, difficulty, statute and stem are those of the newest version."""

    __tablename__ = "quiz_questions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[QuestionKind] = mapped_column(named_enum(QuestionKind, "kind"))
    topic: Mapped[str] = mapped_column(String(30))
    difficulty: Mapped[int]
    statute: Mapped[str] = mapped_column(String(80))
    stem: Mapped[str] = mapped_column(String(500))
    newest: Mapped[int]  # number of the newest version
    approved: Mapped[int | None]  # number of the version in use
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # of this row, against two editors at once
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("difficulty BETWEEN 1 AND 3", name="difficulty_is_known"),
        CheckConstraint("newest >= 1", name="versions_begin_at_one"),
        CheckConstraint("approved IS NULL OR approved BETWEEN 1 AND newest", name="approved_exists"),
        Index("ix_quiz_questions_topic", "topic", "difficulty", "id"),
    )

    __mapper_args__ = {"version_id_col": version}


class QuestionVersion(Base):
    """Words of a question, once and for all. `answer`: letters of the right options in order; A stands for 对."""

    __tablename__ = "quiz_question_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("quiz_questions.id"))
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(named_enum(QuestionKind, "kind"))
    stem: Mapped[str] = mapped_column(String(500))
    options: Mapped[list[str]] = mapped_column(JSON)
    answer: Mapped[str] = mapped_column(String(8))
    explanation: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(30))
    difficulty: Mapped[int]
    statute: Mapped[str] = mapped_column(String(80))
    article: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # None: came with the software
    created_at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("difficulty BETWEEN 1 AND 3", name="difficulty_is_known"),
        CheckConstraint("length(answer) >= 1", name="has_an_answer"),
    )


class QuestionImport(Base):
    """The questions of an uploaded file, until they are taken over; removed after a day."""

    __tablename__ = "quiz_question_imports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    rows: Mapped[list[Any]] = mapped_column(JSON)  # [row number, code or None, stem, words or None, errors, cells]
    created_at: Mapped[datetime] = mapped_column(index=True)
    committed_at: Mapped[datetime | None]
