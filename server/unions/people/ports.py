"""What people ask of the wings above."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port

UNREAD: Port[Callable[[Session, UUID], int]] = Port("people.unread")
"""How many messages wait for a person, by their id."""

OPEN_TASKS: Port[Callable[[Session, UUID], int | None]] = Port("people.open_tasks")
"""How many tasks wait for the unions for which somebody's phone answers, by their id; None if it answers for none."""
