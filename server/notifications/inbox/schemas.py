"""Shapes of the inbox."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.web.schemas import Cursor, In, Instant, Out, Page


class InboxQuery(In):
    """Which page of the inbox."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class MessageOut(Out):
    """A message; `submission_id` is what it is about, and `number` what people call that: followers of what was
    reported anonymously do not learn it.

    `target` is where else it leads: `points`, `award:<id>`, `notice:<batch id>`, `suggestion:<id>`.
    """

    id: UUID
    title: str
    body: str
    submission_id: UUID | None
    number: str | None
    target: str | None
    created_at: Instant
    read_at: Instant | None


class InboxPage(Page[MessageOut]):
    """A page of the inbox, newest first."""

    unread: int


class ReadIn(In):
    """Which messages have been read: those named, or all."""

    ids: Annotated[list[UUID], Field(max_length=200)] | None = None
    all: bool = False

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if self.all == (self.ids is not None):
            raise ValueError("要么列出消息编号，要么选择全部已读")
        return self


class UnreadOut(Out):
    """How many messages are still unread."""

    unread: int
