"""Shapes of draws."""

from datetime import date, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, StringConstraints, model_validator

from server.core.web.schemas import Day, In, Instant, Line, Out, Prose
from server.kit.draws.spelling import normalise

Source = Annotated[Line, StringConstraints(min_length=4, max_length=200)]
FormKey = Literal["ssq", "dlt", "kl8", "digits3", "digits5", "index"]
Value = Annotated[Line, StringConstraints(min_length=1, max_length=200), AfterValidator(normalise)]
DAYS_BETWEEN = 3
"""From the first value's day to the fallback's, so that two people have time to declare the first one missing."""


class DrawIn(In):
    """What is promised: the draw's name, the public value to come and how it is written, and another one should the
    first never come."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=80)]
    source: Source
    value_form: FormKey
    due_on: Day
    fallback_source: Source
    fallback_form: FormKey
    fallback_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.fallback_on < self.due_on + timedelta(days=DAYS_BETWEEN):
            raise ValueError(f"备用数值至少要比第一个数值晚 {DAYS_BETWEEN} 天")
        return self


class ValueIn(In):
    """The public value, written as the terms say. Which of the two it is follows from what happened before."""

    value: Value


class ConfirmIn(In):
    """The public value as a second person read it."""

    value: Value


class FreezeIn(In):
    """Why the list may be fixed although somebody on it is under suspicion; empty if nobody is."""

    waiver: Annotated[Prose, StringConstraints(max_length=500)] = ""


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
    """A draw with all that is published of it. Complaints about who won are about `pool_id`; `may_complain`: names of
    winners are shown."""

    pool_id: UUID
    may_complain: bool
    my_entry: MyEntry | None
    entrants: int | None
    entrants_hash: str | None
    seed: str | None
    public_value: str | None
    is_fallback: bool
    drawn_at: Instant | None
    winners: list[Winner]
    file_url: str


class NoticeQuery(In):
    """The hash that somebody looks for in the list of entrants."""

    hash: Annotated[Line, StringConstraints(pattern=r"^[0-9A-Za-z]{0,64}$")] = ""
