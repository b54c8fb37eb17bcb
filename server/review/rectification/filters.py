"""Filters of the list of rectifications, as they stand in the address."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from server.core.web.schemas import Cursor, In, Line
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.texts import STATUS_TEXTS
from server.review.rectification.transitions import DUE, RUNNING

LIST = "/console/rectifications"


class Tab(StrEnum):
    """What to show: everything under way, one status, or what needs somebody to step in."""

    RUNNING = "running"
    OVERDUE = "overdue"
    ASKED = "asked"
    OPEN = "open"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    VOIDED = "voided"


TAB_TEXTS: Mapping[Tab, str] = {
    Tab.RUNNING: "办理中",
    Tab.OVERDUE: "已逾期",
    Tab.ASKED: "申请延期",
    **{Tab(status.value): text for status, text in STATUS_TEXTS.items()},
}
STATUSES_OF: Mapping[Tab, tuple[Status, ...]] = {
    Tab.RUNNING: RUNNING,
    Tab.OVERDUE: DUE,
    Tab.ASKED: DUE,
    **{Tab(status.value): (status,) for status in Status},
}


class RectificationFilter(In):
    """What to show. Anything left out does not narrow it. `after` is the cursor of a page."""

    status: Tab = Tab.RUNNING
    union: UUID | None = None
    category: Annotated[Line, StringConstraints(max_length=30)] | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    after: Annotated[Cursor, StringConstraints(max_length=300)] | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    def to_query(self, **changes: object) -> str:
        """The filters as the query part of an address, without `?`; `changes` replace some. Back to page one."""
        values = {**self.model_dump(mode="json", exclude={"after"}, exclude_defaults=True), **changes}
        return urlencode({key: str(value) for key, value in values.items() if value not in (None, "")})

    def href(self, **changes: object) -> str:
        """The list with these filters."""
        query = self.to_query(**changes)
        return f"{LIST}?{query}" if query else LIST
