"""Where slices above say that something earns no points."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Exists, or_, select
from sqlalchemy.orm import Session

from server.core.ports import Port

UNEARNED: Port[Callable[[UUID], Exists]] = Port("points.unearned")
"""Whether a submission earns nobody anything: what a check found that was asked for is no worker's report. All answers
are asked in one statement."""


def is_unearned(session: Session, submission_id: UUID) -> bool:
    """Whether anybody says so."""
    answers = [says(submission_id) for says in UNEARNED.answers]
    return bool(answers) and bool(session.scalar(select(or_(*answers))))
