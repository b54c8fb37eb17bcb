"""Counting when enterprises have to rehearse next. Doing it again changes nothing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.kit.filters import start_of
from server.kit.scope import ancestors_of
from server.oversight.drills.models import DrillDue, DrillRule, Duty
from server.oversight.drills.queries import last_held
from server.oversight.drills.rules import Next, next_due
from server.unions.roles import Level
from server.unions.tree.models import Union

BATCH = 500


def count_some(session: Session, union_ids: Sequence[UUID], now: datetime) -> None:
    """Of these enterprises. What is due of one that was taken out of use, or by a rule that ended, goes."""
    today = day_of(now)
    rules = session.scalars(select(DrillRule).where(DrillRule.is_verified.is_(True))).all()
    unions = session.scalars(select(Union).where(Union.id.in_(union_ids), Union.level == Level.ENTERPRISE)).all()
    last = last_held(session, [union.id for union in unions])
    kept = session.scalars(select(DrillDue).where(DrillDue.union_id.in_(union_ids)).with_for_update()).all()
    known = {(row.union_id, row.duty): row for row in kept}
    for union in unions:
        for due in _dues(rules, union, last[union.id], today) if union.is_active else ():
            _keep(session, union, due, known.pop((union.id, due.duty), None))
    if known:
        session.execute(delete(DrillDue).where(DrillDue.id.in_([row.id for row in known.values()])))
    session.flush()


def _dues(rules: Sequence[DrillRule], union: Union, last: dict[Duty, date], today: date) -> list[Next]:
    is_high_risk = union.is_high_risk or union.is_chemical
    since = day_of(union.created_at)
    return next_due(rules, is_high_risk=is_high_risk, known_since=since, last=last, today=today)


def _keep(session: Session, union: Union, due: Next, row: DrillDue | None) -> None:
    if row is None:
        row = DrillDue(id=ids.new_id(), union_id=union.id, duty=due.duty)
        session.add(row)
    row.rule_id, row.last_on, row.due_at = due.rule_id, due.last_on, start_of(due.due_on + timedelta(days=1))
    for column, value in ancestors_of(union).items():
        setattr(row, column, value)
