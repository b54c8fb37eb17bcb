"""Shapes of the inbox."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.web.schemas import Cursor, In, Instant, Out, Page


class InboxQuery(In):
    """Which page of the inbox."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20
    unread: bool = False


class AboutOut(Out):
    """What one's own report is called by: its kind, its place, its picture. The link is signed and expires."""

    category_name: str
    place: str
    thumbnail_url: str | None


class MessageOut(Out):
    """A message; `submission_id` is what it is about, and `number` what people call that: followers of what was
    reported anonymously do not learn it. `about` is told of what one sent oneself.

    `target` is where else it leads: `points`, `award:<id>`, `notice:<batch id>`, `suggestion:<id>`.
    """

    id: UUID
    title: str
    body: str
    submission_id: UUID | None
    number: str | None
    target: str | None
    about: AboutOut | None = None
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
