"""What escalation announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueClimbed(Event):
    """Something overdue climbed to a union."""

    name: ClassVar[str] = "overdue.climbed"

    union_id: UUID
