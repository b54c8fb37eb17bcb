"""Background work of attempts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptSignal, AttemptStatus, SignalKind
from server.activities.quiz.attempts.submitting import grade_overdue
from server.core import clock, ids
from server.core.clock import in_shanghai
from server.core.jobs.registry import JobContext, periodic

BATCH = 200
GRACE = timedelta(seconds=30)  # the phone hands in by itself when time is up
SHARING = 5  # people on one device in a day


@periodic("quiz.grade_overdue", seconds=30)
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


@periodic("quiz.find_shared_devices", seconds=600)
def find_shared_devices(ctx: JobContext) -> None:
    """Flag today's passed attempts of devices on which many people played. Twice does no harm."""
    now = clock.now()
    with ctx.database.transaction() as session:
        for attempt_id, people in _list_shared(session, now):
            session.add(
                AttemptSignal(
                    id=ids.new_id(),
                    attempt_id=attempt_id,
                    kind=SignalKind.SHARED_DEVICE,
                    detail=f"同一天同一台设备上有 {people} 个人闯关",
                    noticed_at=now,
                )
            )


def _list_overdue(session: Session, before: datetime) -> Sequence[UUID]:
    statement = select(Attempt.id).where(Attempt.status == AttemptStatus.RUNNING, Attempt.deadline_at < before)
    return session.scalars(statement.order_by(Attempt.deadline_at).limit(BATCH)).all()


def _list_shared(session: Session, now: datetime) -> list[tuple[UUID, int]]:
    today = Attempt.day == in_shanghai(now).date()
    people = func.count(Attempt.person_id.distinct())
    crowded = (
        select(Attempt.quiz_id, Attempt.device, people.label("people"))
        .where(today, Attempt.device != "")
        .group_by(Attempt.quiz_id, Attempt.device)
        .having(people >= SHARING)
        .subquery()
    )
    statement = (
        select(Attempt.id, crowded.c.people)
        .join(crowded, (crowded.c.quiz_id == Attempt.quiz_id) & (crowded.c.device == Attempt.device))
        .outerjoin(
            AttemptSignal,
            (AttemptSignal.attempt_id == Attempt.id) & (AttemptSignal.kind == SignalKind.SHARED_DEVICE),
        )
        .where(today, Attempt.has_passed.is_(True), AttemptSignal.id.is_(None))
    )
    return [(attempt_id, count) for attempt_id, count in session.execute(statement)]
