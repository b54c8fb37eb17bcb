"""Where slices above say that something earns no points."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port

UNEARNED: Port[Callable[[Session, UUID], bool]] = Port("points.unearned")
"""Whether a submission earns nobody anything: what a check found that was asked for is no worker's report."""


def is_unearned(session: Session, submission_id: UUID) -> bool:
    """Whether anybody says so."""
    return any(says(session, submission_id) for says in UNEARNED.answers)
