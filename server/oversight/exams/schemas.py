"""What the console posts of tests, and what phones send and get."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from server.activities.quiz.attempts.schemas import GradedQuestion, QuestionOut
from server.activities.quiz.bank.texts import TOPICS
from server.core.web.schemas import In, Instant, Line, Out

MAX_QUESTIONS = 50
Topic = Annotated[Line, StringConstraints(max_length=30)]


class ExamIn(In):
    """A test, as it is set up. No topic: any of them."""

    version: Annotated[int, Field(ge=0)]  # 0: there was none
    topics: Annotated[tuple[Topic, ...], Field(max_length=len(TOPICS))] = ()
    difficulty: Annotated[int, Field(ge=1, le=3)] | Literal[""] = ""
    count: Annotated[int, Field(ge=1, le=MAX_QUESTIONS)]
    minutes: Annotated[int, Field(ge=1, le=120)]
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    tries: Annotated[int, Field(ge=1, le=9)]
    open_hours: Annotated[int, Field(ge=1, le=720)]
    is_required: bool = False

    @field_validator("topics")
    @classmethod
    def _are_topics(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        if not set(topics) <= set(TOPICS):
            raise ValueError("没有这个主题")
        return tuple(topic for topic in TOPICS if topic in topics)


class DropIn(In):
    """Which version the page showed."""

    version: Annotated[int, Field(ge=1)]


class ExamOut(Out):
    """The test of a session before it is begun, with how the asker stands. `note`: why it cannot be begun now."""

    session_id: UUID
    title: str
    questions: int
    seconds: int
    pass_mark: int
    tries_left: int
    opens_at: Instant
    closes_at: Instant
    can_start: bool
    note: str
    best_score: int | None
    passed: bool
    running_attempt_id: UUID | None
    graded_attempt_id: UUID | None


class ExamStartIn(In):
    """Of which session."""

    session_id: UUID


class ExamAttemptOut(Out):
    """A try under way. Clocks of phones go wrong: what counts is `deadline_at` against `now`."""

    id: UUID
    session_id: UUID
    title: str
    status: Literal["running", "graded"]
    started_at: Instant
    deadline_at: Instant
    now: Instant
    questions: list[QuestionOut]


class ExamResultOut(Out):
    """How a try went. `is_counted`: whether the attendance counts now."""

    id: UUID
    session_id: UUID
    title: str
    score: int
    right: int
    total: int
    passed: bool
    pass_mark: int
    tries_left: int
    is_counted: bool
    questions: list[GradedQuestion]
