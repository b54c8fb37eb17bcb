"""What the tree announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionMoved(Event):
    """A union hangs under another parent, with everything below it: for those who keep ancestors in their own rows."""

    name: ClassVar[str] = "union.moved"

    union_id: UUID
