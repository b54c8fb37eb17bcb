"""Where slices above say what stands in the way of taking a decision back. Pages ask before they offer it, the move
asks again under the lock, so that both say the same."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import AppError
from server.core.ports import Port

REOPENING: Port[Callable[[Session, UUID], AppError | None]] = Port("decisions.reopening")
"""Given the id of an accepted submission: why it cannot be reviewed anew; None if it can. One statement."""


def refuse_reopening(session: Session, submission_id: UUID) -> AppError | None:
    """The first refusal of those who are asked."""
    return next((refusal for ask in REOPENING.answers if (refusal := ask(session, submission_id)) is not None), None)
