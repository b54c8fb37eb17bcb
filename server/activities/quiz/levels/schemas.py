"""Shapes of a quiz and its levels."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter, field_validator, model_validator

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.texts import TOPICS
from server.activities.quiz.levels.models import Opening
from server.core.clock import SHANGHAI
from server.core.web.schemas import In, Line, Moment, Prose

MAX_LEVELS = 30
MAX_QUESTIONS = 50
Blank = BeforeValidator(lambda value: value or None)


def _in_shanghai(moment: datetime) -> datetime:
    """A browser's date-time field names no zone; people mean the campaign's."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=SHANGHAI)


class QuizIn(In):
    """What may be edited of a quiz itself."""

    name: Annotated[Line, StringConstraints(min_length=2, max_length=60)]
    rules: Annotated[Prose, StringConstraints(max_length=3000)] = ""
    opens_at: Moment
    closes_at: Moment
    opening: Opening = Opening.BY_PASSING

    _zone = field_validator("opens_at", "closes_at")(_in_shanghai)

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.opens_at >= self.closes_at:
            raise ValueError("结束时间要晚于开始时间")
        return self


class QuotaIn(In):
    """So many questions of a topic, difficulty and kind; what is null may be any."""

    topic: Annotated[Line | None, Blank] = None
    difficulty: Annotated[Annotated[int, Field(ge=1, le=3)] | None, Blank] = None
    kind: Annotated[QuestionKind | None, Blank] = None
    count: Annotated[int, Field(ge=1, le=MAX_QUESTIONS)]

    @field_validator("topic")
    @classmethod
    def _is_a_topic(cls, topic: str | None) -> str | None:
        if topic is not None and topic not in TOPICS:
            raise ValueError("没有这个主题")
        return topic


class LevelIn(In):
    """What may be edited of a level. Time in seconds, pass mark in points of 100."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=30)]
    opens_at: Annotated[Moment | None, Blank] = None
    seconds: Annotated[int, Field(ge=30, le=7200)]
    pass_mark: Annotated[int, Field(ge=1, le=100)]
    tries_per_day: Annotated[int, Field(ge=1, le=99)]
    quotas: Annotated[tuple[QuotaIn, ...], Field(min_length=1, max_length=20)]

    @field_validator("opens_at")
    @classmethod
    def _zone(cls, moment: datetime | None) -> datetime | None:
        return None if moment is None else _in_shanghai(moment)

    @model_validator(mode="after")
    def _is_not_endless(self) -> Self:
        if self.questions > MAX_QUESTIONS:
            raise ValueError(f"一关最多 {MAX_QUESTIONS} 道题")
        return self

    @property
    def questions(self) -> int:
        """How many are asked."""
        return sum(quota.count for quota in self.quotas)


QUOTAS = TypeAdapter(tuple[QuotaIn, ...])
