"""Shapes of practice."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.schemas import Explained
from server.core.web.schemas import In, Instant, Out

Place = Annotated[int, Field(ge=0, le=7)]


class CardOut(Out):
    """A question to answer. `round` and `edition` go back with the answer: it counts once, and for these words."""

    id: UUID
    round: int
    edition: int
    kind: QuestionKind
    topic: str
    stem: str
    options: list[str]


class PracticeOut(Out):
    """What is due now. Without a card: when the next one will be, None if there are none at all."""

    due: int
    total: int
    next_due_at: Instant | None
    card: CardOut | None


class PracticeAnswerIn(In):
    """The places of the chosen options, from 0, as they were shown."""

    round: Annotated[int, Field(ge=0, le=1_000_000)]
    edition: Annotated[int, Field(ge=1, le=1_000_000)]
    chosen: Annotated[list[Place], Field(min_length=1, max_length=8)]


class PracticeResultOut(Explained):
    """When it comes again; `due`: how many are left."""

    due_at: Instant
    due: int
