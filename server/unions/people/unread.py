"""How many messages wait for a person. The inbox lives in a higher wing and says so here."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

Counter = Callable[[Session, UUID], int]

_counters: list[Counter] = []


def set_unread_counter(counter: Counter) -> None:
    """Let `counter(session, person_id)` say how many messages are unread."""
    _counters[:] = [counter]


def count_unread(session: Session, person_id: UUID) -> int:
    """Unread messages of a person; 0 while there is no inbox."""
    return sum(counter(session, person_id) for counter in _counters)
