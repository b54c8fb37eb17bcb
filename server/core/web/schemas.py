"""Base shapes of what comes in and goes out, and the text types that every slice shares."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from server.core.text import clean_line, clean_prose, fold_width, read_phone

T = TypeVar("T")


MOST_FIELDS = 500  # of one object: no form has as many, and each unknown one costs its complaint


class In(BaseModel):
    """What a client sends. Unknown fields are refused, so that a misspelt one is not silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_a_flood(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > MOST_FIELDS:
            raise ValueError("内容太多了")
        return data


class Out(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


def _utc_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Line = Annotated[str, AfterValidator(clean_line)]
"""One line of text, clean and trimmed. Add lengths with StringConstraints."""

Prose = Annotated[str, AfterValidator(clean_prose)]
"""Text that may run over several lines, clean and trimmed."""

Code = Annotated[str, AfterValidator(fold_width)]
"""A number or code that was typed or pasted: half width, nothing invisible. Add its pattern with StringConstraints."""

Phone = Annotated[str, AfterValidator(read_phone)]
"""A phone number in any usual spelling, read as digits. Add its pattern with StringConstraints."""


@dataclass(frozen=True, slots=True)
class AsTyped:
    """Marks text that is taken as it comes because it is never stored or shown: passwords, and what we wrote."""


Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
"""A day that somebody can mean: time zones and databases do not take the ends of the calendar."""


def _on_a_clock(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("请填钟点，如 09:30")
    return at


Clock = Annotated[time, AfterValidator(_on_a_clock)]
"""What a clock on the wall says: with a zone it could not be compared with another."""


def _meant(moment: datetime) -> datetime:
    if not 2000 <= moment.year < 2200:
        raise ValueError("时间不对，请检查年份")
    return moment


Moment = Annotated[datetime, AfterValidator(_meant)]
"""A moment that somebody can mean."""

Cursor = Annotated[str, AsTyped()]
"""Where a page begins, as `cursors.encode` wrote it and `cursors.decode` checks it. Add a length."""

Instant = Annotated[datetime, PlainSerializer(_utc_text, return_type=str, when_used="json")]
"""An aware instant, sent as ISO 8601 in UTC with milliseconds and `Z`."""


class Page(Out, Generic[T]):
    """A page by key: `next` is the cursor of the following page, None on the last."""

    items: list[T]
    next: str | None


class ErrorBody(Out):
    """What went wrong: `message` is fit to show, `code` is stable, `fields` maps a field path to its fault."""

    code: str
    message: str
    fields: dict[str, str]
    request_id: str


class ErrorOut(Out):
    """The one error shape of the whole API."""

    error: ErrorBody


class SignedQuery(In):
    """The end of a signed link's life (seconds since 1970) and its signature."""

    e: Annotated[int, Field(ge=0, lt=10**12)] = 0
    s: Annotated[str, AsTyped(), StringConstraints(max_length=200)] = ""
