"""Shapes of attempts."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import Explained
from server.activities.quiz.levels.models import Opening
from server.core.web.schemas import In, Instant, Line, Out
from server.unions.campaigns.schemas import Leaderboard

Option = Annotated[int, Field(ge=0, le=7)]
Chosen = Annotated[list[Option], Field(max_length=8)]


class QuizStatus(StrEnum):
    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class LevelStatus(StrEnum):
    LOCKED = "locked"
    OPEN = "open"
    PASSED = "passed"
    CLOSED = "closed"


class QuizSummary(Out):
    """A quiz in the list, with how far one has come."""

    id: UUID
    name: str
    opens_at: Instant
    closes_at: Instant
    status: QuizStatus
    levels_total: int
    levels_passed: int
    score: int


class QuizList(Out):
    items: list[QuizSummary]


class LevelOut(Out):
    """A level on the map. `opens_on`: when it opens by day and is not open yet."""

    number: int
    name: str
    status: LevelStatus
    opens_on: date | None
    questions: int
    seconds: int
    pass_mark: int
    tries_per_day: int
    tries_left: int
    best_score: int | None
    best_ms: int | None
    running_attempt_id: UUID | None


class QuizOut(Out):
    """A quiz with its map of levels."""

    id: UUID
    name: str
    rules: str
    opens_at: Instant
    closes_at: Instant
    status: QuizStatus
    opening: Opening
    is_listed: bool
    leaderboards: list[Leaderboard]
    finished_at: Instant | None
    score: int
    duration_ms: int
    levels: list[LevelOut]


class StartIn(In):
    """Which level is to be tried."""

    quiz_id: UUID
    level: Annotated[int, Field(ge=1, le=30)]


class QuestionOut(Out):
    """A question as it is asked. `chosen`: places of the options ticked so far."""

    position: int
    kind: QuestionKind
    stem: str
    options: list[str]
    chosen: list[int]


class AttemptOut(Out):
    """An attempt under way. Clocks of phones go wrong: what counts is `deadline_at` against `now`."""

    id: UUID
    quiz_id: UUID
    level: int
    level_name: str
    status: Literal["running", "graded"]
    started_at: Instant
    deadline_at: Instant
    now: Instant
    questions: list[QuestionOut]


class AnswerIn(In):
    """The options ticked, by the place at which they are shown; none takes the answer back."""

    chosen: Chosen


class AnswerSaved(Out):
    answered: int
    seconds_left: float


class LateAnswer(In):
    """An answer that had not come through before."""

    position: Annotated[int, Field(ge=0, le=49)]
    chosen: Chosen


class SubmissionIn(In):
    answers: Annotated[list[LateAnswer], Field(max_length=50)] = []


class GradedQuestion(Explained):
    """A question with what was chosen, what is right, and why."""

    position: int
    kind: QuestionKind
    stem: str
    options: list[str]
    chosen: list[int]


class ToLearn(Out):
    """A topic with the number of wrong answers."""

    topic: str
    wrong: int


class ResultOut(Out):
    """How an attempt went. `quiz_finished`: every level is passed."""

    id: UUID
    quiz_id: UUID
    level: int
    score: int
    right: int
    total: int
    passed: bool
    pass_mark: int
    duration_ms: int
    is_best: bool
    quiz_finished: bool
    tries_left: int
    questions: list[GradedQuestion]
    learn: list[ToLearn]


class VerdictIn(In):
    """What a person made of a signal."""

    verdict: Literal["dismissed", "confirmed"]
    reason: Annotated[Line, StringConstraints(min_length=2, max_length=200)]
