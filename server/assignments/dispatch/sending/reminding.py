"""Who still owes something is told: by the days before the date, and by hand. Nobody twice on one day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from server.assignments.dispatch.messages import Told, reminder, urging
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.dispatch.queries import is_missing
from server.assignments.dispatch.rules import REMIND_WITHIN, reminder_day
from server.core.clock import day_of, in_shanghai
from server.kit.deadlines.calendar.working_days import is_working_day
from server.notifications.inbox.actions import deliver_all

BATCH = 500
HOURS = range(8, 18)  # in which people are reminded, on working days
LONGEST_BEFORE = timedelta(days=60)


def urge_missing(
    session: Session, assignment: Assignment, today: date, only: Collection[UUID] | None = None
) -> int:  # fmt: skip
    """Mark those who owe it, and were not urged today; `only`: of these rows. Returns how many."""
    those = () if only is None else (Recipient.id.in_(only),)
    marked = session.execute(
        update(Recipient)
        .where(
            Recipient.assignment_id == assignment.id,
            is_missing(assignment),
            or_(Recipient.urged_on.is_(None), Recipient.urged_on < today),
            *those,
        )
        .values(urged_on=today)
        .returning(Recipient.id)
        .execution_options(synchronize_session=False)
    )
    return len(marked.all())


def tell_urged(session: Session, assignment_id: UUID, day: str, *, now: datetime) -> None:
    """Tell those who were marked on that day; telling them again changes nothing."""
    assignment, urged_on = session.get_one(Assignment, assignment_id), date.fromisoformat(day)
    told = _read(session, assignment, Recipient.urged_on == urged_on)
    deliver_all(session, urging(session, assignment, told, urged_on), now=now)


def remind_some(session: Session, *, now: datetime) -> bool:
    """Remind up to BATCH unions of one assignment whose day has come. Returns whether there may be more."""
    local = in_shanghai(now)
    if local.hour not in HOURS or not is_working_day(local.date()):
        return False
    for assignment in _due(session, local.date()):
        if assignment.due_on is None or assignment.sent_at is None:
            continue
        day = reminder_day(assignment.due_on, assignment.remind_days, day_of(assignment.sent_at), local.date())
        if day is None:
            continue
        told = _claim(session, assignment, day, local.date())
        if told:
            deliver_all(session, reminder(session, assignment, told, local.date()), now=now)
            return True
    return False


def _due(session: Session, today: date) -> Sequence[Assignment]:
    return session.scalars(
        select(Assignment)
        .where(
            Assignment.status == AssignmentStatus.SENT,
            Assignment.due_on.between(today - REMIND_WITHIN - timedelta(days=1), today + LONGEST_BEFORE),
        )
        .order_by(Assignment.id)
    ).all()


def _claim(session: Session, assignment: Assignment, day: date, today: date) -> Sequence[Told]:
    """Up to BATCH of those who were not reminded since `day`; what is claimed is reminded, by nobody else."""
    not_yet = or_(Recipient.reminded_on.is_(None), Recipient.reminded_on < day)
    told = _read(session, assignment, not_yet, limit=BATCH)
    session.execute(
        update(Recipient)
        .where(Recipient.id.in_([each.recipient_id for each in told]))
        .values(reminded_on=today)
        .execution_options(synchronize_session=False)
    )
    return told


def _read(
    session: Session, assignment: Assignment, condition: ColumnElement[bool], limit: int | None = None
) -> Sequence[Told]:
    rows = session.execute(
        select(Recipient.id, Recipient.union_id, Recipient.named_id)
        .where(Recipient.assignment_id == assignment.id, is_missing(assignment), condition)
        .order_by(Recipient.id)
        .limit(limit)
        .with_for_update()
    )
    return [Told(row.id, row.union_id, named_id=row.named_id) for row in rows]
