"""Domain events: a lower wing records that something happened; higher wings subscribe.

Handlers run in the transaction of the publisher, so what they write stands or falls with it. Slow work belongs in
a job that the handler enqueues in the same session.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened (past tense: `submission.accepted`) to `subject_id`, by `actor_id` (None: the system)."""

    name: str
    subject_id: UUID
    at: datetime
    actor_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


Handler = Callable[[Session, Event], None]

_handlers: defaultdict[str, list[Handler]] = defaultdict(list)


def subscribe(name: str, handler: Handler) -> None:
    """Call `handler` on each event called `name`. Subscribing the same handler again changes nothing."""
    if handler not in _handlers[name]:
        _handlers[name].append(handler)


def listeners() -> Mapping[str, tuple[Handler, ...]]:
    """Who listens to what."""
    return {name: tuple(handlers) for name, handlers in _handlers.items()}


def publish(session: Session, event: Event) -> None:
    """Tell the subscribers, within the caller's transaction."""
    for handler in _handlers.get(event.name, ()):
        handler(session, event)
