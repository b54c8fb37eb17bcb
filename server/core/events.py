"""Domain events: a lower wing records that something happened; higher wings subscribe.

Each event is a class in its publisher's `events.py`, declared in the slice's `slice.py`. Events go up only and only
announce: downwards a slice calls, and where it needs an answer from above it asks a port (`core/ports.py`).

Handlers run in the transaction of the publisher, so what they write stands or falls with it. Slow work belongs in
a job that the handler enqueues in the same session.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened by `actor_id` (None: the system).

    A class without a `name` of its own stands for all events derived from it.
    """

    name: ClassVar[str]  # past tense: `submission.accepted`

    at: datetime
    actor_id: UUID | None = None


E = TypeVar("E", bound=Event)
Handler = Callable[[Session, Any], None]

_subscriptions: list[tuple[type[Event], Handler]] = []


def subscribe(kind: type[E], handler: Callable[[Session, E], None]) -> None:
    """Call `handler` on each event of that class, or derived from it. The same handler again changes nothing."""
    if (kind, handler) not in _subscriptions:
        _subscriptions.append((kind, handler))


def unsubscribe(kind: type[E], handler: Callable[[Session, E], None]) -> None:
    """Call it no more."""
    _subscriptions.remove((kind, handler))


def subscriptions() -> Sequence[tuple[type[Event], Handler]]:
    """Who listens to what, in the order in which they are called."""
    return tuple(_subscriptions)


def publish(session: Session, event: Event) -> None:
    """Tell the subscribers, within the caller's transaction."""
    for kind, handler in subscriptions():
        if isinstance(event, kind):
            handler(session, event)
