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


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueAskedAfter(Event):
    """The reporter asks after what is overdue."""

    name: ClassVar[str] = "overdue.asked_after"

    overdue_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueUrged(Event):
    """A union above asks for what is overdue at a union: once for all that were picked."""

    name: ClassVar[str] = "overdue.urged"

    union_id: UUID
    by_union_id: UUID
    overdue_ids: tuple[UUID, ...]
    text: str
