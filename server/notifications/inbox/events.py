"""What the inbox announces."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event
from server.core.messages import PersonalMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """A message that may go out by WeChat too lies in its person's inbox."""

    name: ClassVar[str] = "message.delivered"

    message_id: UUID
    message: PersonalMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesDelivered(Event):
    """The same of many messages at once, by their ids."""

    name: ClassVar[str] = "message.many_delivered"

    messages: Mapping[UUID, PersonalMessage]
