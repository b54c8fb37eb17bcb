"""What people are told. The words stand with the slice that sends them; the inbox delivers."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event


@dataclass(frozen=True, slots=True)
class Message:
    """A title of at most 60 characters, and a body."""

    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalMessage:
    """A message to one person; to None, it is to nobody, and dropped. So is a second one with the same `key`.

    `target` is what a tap leads to. `what` is the matter in short: a batch, a prize, a contest or a step.
    """

    person_id: UUID | None
    key: str
    message: Message
    target: str
    submission_id: UUID | None = None
    what: str = ""


MessageWriter = Callable[[Session, Event], PersonalMessage]
"""The message that tells of an event."""


def id_in(event: Event, name: str) -> UUID | None:
    """The id that the event's data have under `name`."""
    value = event.data.get(name)
    return None if value is None else UUID(str(value))


def about(excerpt: str | None) -> str:
    """What a message to followers calls a hazard. None: it was reported anonymously, its words may betray by whom."""
    return "你关注的隐患" if excerpt is None else f"“{excerpt}”"
