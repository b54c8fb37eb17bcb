"""What colleagues are told of."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGiven(Event):
    """An item was given to a colleague. `what` says which in words, such as 隐患 2026-000001Y; `href` is its page."""

    name: ClassVar[str] = "teamwork.given"

    assignment_id: UUID
    assignee_id: UUID
    what: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueMentioned(Event):
    """A colleague was named in a comment."""

    name: ClassVar[str] = "teamwork.mentioned"

    comment_id: UUID
    mentioned_id: UUID
    what: str
    href: str
