"""Shapes of draws."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints, model_validator

from server.core.web.schemas import In, Instant, Line, Out, Prose

Source = Annotated[Line, StringConstraints(min_length=4, max_length=200)]
Value = Annotated[
    Line, StringConstraints(min_length=1, max_length=200), AfterValidator(lambda text: " ".join(text.split()))
]


class DrawIn(In):
    """What is promised: the draw's name, the public value to come, and another one should the first never come."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=80)]
    source: Source
    due_on: date
    fallback_source: Source
    fallback_on: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.fallback_on <= self.due_on:
            raise ValueError("备用数值的日期要晚于第一个数值的日期")
        return self


class ValueIn(In):
    """The public value as it was published; single spaces between its parts."""

    value: Value
    is_fallback: bool = False


class ConfirmIn(In):
    """The public value as a second person read it."""

    value: Value


class ReasonIn(In):
    """Why."""

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]


class DrawsQuery(In):
    """Of which contest; all of them if none is named."""

    quiz_id: UUID | None = None


class DrawPrize(Out):
    """What can be won. `picture`: where there is one."""

    name: str
    quantity: int
    picture: str | None


class DrawOut(Out):
    """A draw."""

    id: UUID
    name: str
    status: str
    status_text: str
    seed_hash: str
    terms_hash: str
    public_value_source: str
    public_value_due_on: date
    fallback_source: str
    fallback_due_on: date
    closes_at: Instant
    is_entered: bool
    prizes: list[DrawPrize]


class DrawsOut(Out):
    """Draws, the newest first."""

    items: list[DrawOut]


class MyEntry(Out):
    """Oneself in the published list: `hash` is the SHA-256 of "salt:person_id"."""

    person_id: UUID
    salt: str
    hash: str
    position: int


class Winner(Out):
    """A place that was drawn with a prize."""

    place: int
    label: str
    prize: str


class DrawDetail(DrawOut):
    """A draw with all that is published of it."""

    my_entry: MyEntry | None
    entrants: int | None
    entrants_hash: str | None
    seed: str | None
    public_value: str | None
    is_fallback: bool
    winners: list[Winner]
    file_url: str
