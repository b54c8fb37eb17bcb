"""Shapes of the question of the day."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import Explained
from server.core.web.schemas import In, Out

Place = Annotated[int, Field(ge=0, le=7)]


class DailyQuestion(Out):
    """What is asked today. `id` goes back with the answer: it counts for these words."""

    id: UUID
    kind: QuestionKind
    topic: str
    stem: str
    options: list[str]


class DailyResult(Explained):
    """What was chosen today (places as shown)."""

    chosen: list[int]


class DailyOut(Out):
    """The question of the day. Without one: the bank is empty, or a paper that is being answered asks it.

    `days_in_a_row`: only once today is answered, and never while the streak is switched off: there is nothing to lose.
    """

    day: date
    is_answered: bool
    question: DailyQuestion | None
    result: DailyResult | None
    keeps_streak: bool
    days_in_a_row: int | None


class DailyAnswerIn(In):
    """The places of the chosen options, from 0, as they were shown."""

    question_id: UUID
    chosen: Annotated[list[Place], Field(min_length=1, max_length=8)]


class StreakIn(In):
    """Whether days in a row are to be counted."""

    keeps_streak: bool
