"""Background work of attempts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.submitting import grade_overdue
from server.activities.quiz.attempts.models import Attempt, AttemptStatus
from server.activities.quiz.attempts.signals.sharing import note_shared_of_days
from server.core import clock
from server.core.clock import in_shanghai
from server.core.jobs.registry import JobContext, periodic

BATCH = 200
GRACE = timedelta(seconds=30)  # the phone hands in by itself when time is up


@periodic("quiz.grade_overdue", "到时收卷判分", seconds=30)
def grade_overdue_attempts(ctx: JobContext) -> None:
    """Grade what nobody handed in, each in a transaction of its own."""
    while True:
        now = clock.now()
        with ctx.database.reading() as session:
            found = _list_overdue(session, now - GRACE)
        for attempt_id in found:
            with ctx.database.transaction() as session:
                grade_overdue(session, attempt_id, now)
        if len(found) < BATCH:
            return


@periodic("quiz.find_shared_devices", "查同一手机答题", seconds=600)
def find_shared_devices(ctx: JobContext) -> None:
    """Flag passed attempts of devices on which many people played: today's, and yesterday's until midnight."""
    now = clock.now()
    with ctx.database.transaction() as session:
        note_shared_of_days(session, in_shanghai(now - timedelta(days=1)).date(), now)


def _list_overdue(session: Session, before: datetime) -> Sequence[UUID]:
    statement = select(Attempt.id).where(Attempt.status == AttemptStatus.RUNNING, Attempt.deadline_at < before)
    return session.scalars(statement.order_by(Attempt.deadline_at).limit(BATCH)).all()
