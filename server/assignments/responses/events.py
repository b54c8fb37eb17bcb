"""What answers announce."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSubmitted(Event):
    """An answer of one recipient was sent up, and is frozen; `number` is its version."""

    name: ClassVar[str] = "response.submitted"
    assignment_id: UUID
    recipient_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseAccepted(Event):
    """An answer of one recipient was accepted: from now on it holds, in place of an earlier one."""

    name: ClassVar[str] = "response.accepted"
    assignment_id: UUID
    recipient_id: UUID
    number: int
