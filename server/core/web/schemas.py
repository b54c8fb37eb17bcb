"""Base shapes of what comes in and goes out, and the text types that every slice shares."""

import re
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, StringConstraints

T = TypeVar("T")

# Control characters have no place in what people write; lone surrogates cannot be stored as UTF-8. Line breaks and tabs
# are allowed where the text may run over several lines.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]")


class In(BaseModel):
    """What a client sends. Unknown fields are refused, so that a misspelt one is not silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


def _writable(text: str) -> str:
    if _FORBIDDEN.search(text):
        raise ValueError("含有无法保存的字符")
    return text


def _one_line(text: str) -> str:
    if _LINE_BREAKS.search(text):
        raise ValueError("不能换行")
    return _writable(text)


def _utc_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
"""One line of text, trimmed. Add lengths with StringConstraints."""

Prose = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_writable)]
"""Text that may run over several lines, trimmed."""

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
