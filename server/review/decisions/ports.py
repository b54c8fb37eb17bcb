"""Where slices above say what stands in the way of taking a decision back. Pages ask before they offer it, the move
asks again under the lock, so that both say the same."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import AppError

ReopeningGuard = Callable[[Session, UUID], AppError | None]
"""Given the id of an accepted submission: why it cannot be reviewed anew; None if it can. One statement."""

_guards: list[ReopeningGuard] = []


def register_reopening_guard(guard: ReopeningGuard) -> None:
    """Ask `guard` too. Registering the same one again changes nothing."""
    if guard not in _guards:
        _guards.append(guard)


def refuse_reopening(session: Session, submission_id: UUID) -> AppError | None:
    """The first refusal of those that were registered."""
    return next((refusal for guard in _guards if (refusal := guard(session, submission_id)) is not None), None)
