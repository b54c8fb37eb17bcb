"""Filters of the queue, as they stand in the address."""

from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from server.core.web.schemas import Cursor, In, Line
from server.review.submissions.models import Kind, Status


class Due(StrEnum):
    """How soon an answer is owed."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"  # by the end of the next working day


KIND_TEXTS = {Kind.HAZARD: "隐患", Kind.SUGGESTION: "建议"}
DUE_TEXTS = {Due.OVERDUE: "已超期", Due.TODAY: "今天到期", Due.SOON: "即将到期"}
ALL: Literal["all"] = "all"
SHOWN = tuple(status for status in Status if status is not Status.INCOMPLETE)


class QueueFilter(In):
    """What to show of the queue. Anything left out does not narrow it. `after` is the cursor of a page."""

    status: Status | Literal["all"] = Status.QUEUED
    kind: Kind | None = None
    union: UUID | None = None
    category: Annotated[Line, StringConstraints(max_length=30)] | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    due: Due | None = None
    mine: bool = False
    routed: bool = False
    held: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""
    after: Annotated[Cursor, StringConstraints(max_length=300)] | None = None

    @field_validator("kind", "union", "category", "grade", "due", "after", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("mine", "routed", "held", mode="before")
    @classmethod
    def _empty_is_off(cls, value: object) -> object:
        return False if value == "" else value

    @field_validator("status")
    @classmethod
    def _is_shown(cls, value: Status | str) -> Status | str:
        if value is Status.INCOMPLETE:
            raise ValueError("照片没有传完的内容不在队列里")
        return value

    def to_query(self, **changes: object) -> str:
        """The filters as the query part of an address, without `?`; `changes` replace some. Back to page one."""
        values = {**self.model_dump(mode="json", exclude={"after"}, exclude_defaults=True), **changes}
        return urlencode({key: _plain(value) for key, value in values.items() if value not in (None, "", False)})

    def without_page(self) -> Self:
        """The same filters at the first page."""
        return self.model_copy(update={"after": None})


def _plain(value: object) -> str:
    return "1" if value is True else str(value)
