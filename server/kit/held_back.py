"""Moves that are told a while after they were made, so that one key takes them back before anybody hears (decision 39).

The row's `pending_step_id` names the step that is not told yet. The slice's job calls `release`, and publishes the
step's event if that says so; whatever takes the step's place clears the column, and the job finds nothing to do.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, Session

from server.core import clock
from server.core.db import settings_of
from server.core.jobs.actions import enqueue
from server.kit.workflow import FollowUp, MoveContext, Step


class PendingStep:
    """Which move nobody has been told of yet. Mix it into the model of a row that moves."""

    pending_step_id: Mapped[UUID | None]


def hold_back(job: str) -> FollowUp[Any]:
    """What follows from a move that can be taken back: the job that tells of it when its minute is over, if that is not
    over already."""

    def follow(context: MoveContext[Any], step: Step) -> None:
        patience = timedelta(seconds=settings_of(context.session).announce_seconds)
        told_at = step.at + patience
        waits = bool(patience) and told_at > clock.now()
        context.row.pending_step_id = step.id if waits else None
        context.session.flush()
        if waits:
            enqueue(context.session, job, run_at=told_at, step_id=step.id)

    return follow


def release(session: Session, row: PendingStep, step_id: UUID) -> bool:
    """Whether the step is still to be told, which it counts as from now on. The row is held."""
    if row.pending_step_id != step_id:
        return False
    row.pending_step_id = None
    session.flush()
    return True
