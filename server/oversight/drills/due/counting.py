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
from server.oversight.drills.plans.queries import last_tried, plans_by_enterprise
from server.oversight.drills.queries import last_held
from server.oversight.drills.rules import Next, Registered, all_due
from server.unions.roles import Level
from server.unions.tree.models import Union


def count_some(session: Session, union_ids: Sequence[UUID], now: datetime) -> None:
    """Of these enterprises, and of each of their plans. What is due of one that was taken out of use, or by a rule that
    ended, goes."""
    today = day_of(now)
    rules = session.scalars(select(DrillRule).where(DrillRule.is_verified.is_(True))).all()
    unions = session.scalars(select(Union).where(Union.id.in_(union_ids), Union.level == Level.ENTERPRISE)).all()
    last, plans = last_held(session, [union.id for union in unions]), _plans(session, union_ids)
    kept = session.scalars(select(DrillDue).where(DrillDue.union_id.in_(union_ids)).with_for_update()).all()
    known = {(row.union_id, row.plan_id, row.duty): row for row in kept}
    for union in unions:
        dues = _dues(rules, union, last[union.id], plans.get(union.id, ()), today) if union.is_active else ()
        for due in dues:
            _keep(session, union, due, known.pop((union.id, due.plan_id, due.duty), None))
    if known:
        session.execute(delete(DrillDue).where(DrillDue.id.in_([row.id for row in known.values()])))
    session.flush()


def _plans(session: Session, union_ids: Sequence[UUID]) -> dict[UUID, list[Registered]]:
    standing = plans_by_enterprise(session, union_ids)
    tried = last_tried(session, [plan.id for plans in standing.values() for plan in plans])
    return {
        union_id: [
            Registered(
                plan.id, plan.kind, max(day_of(plan.noted_at), plan.drawn_up_on),
                max(filter(None, (plan.tried_on, tried.get(plan.id))), default=None),
            )
            for plan in plans
        ]
        for union_id, plans in standing.items()
    }  # fmt: skip


def _dues(
    rules: Sequence[DrillRule], union: Union, last: dict[Duty, date], plans: Sequence[Registered], today: date
) -> list[Next]:  # fmt: skip
    return all_due(
        rules, is_high_risk=union.is_high_risk or union.is_chemical, known_since=day_of(union.created_at), last=last,
        plans=plans, today=today,
    )  # fmt: skip


def _keep(session: Session, union: Union, due: Next, row: DrillDue | None) -> None:
    if row is None:
        row = DrillDue(id=ids.new_id(), union_id=union.id, duty=due.duty, plan_id=due.plan_id)
        session.add(row)
    row.rule_id, row.last_on, row.due_at = due.rule_id, due.last_on, start_of(due.due_on + timedelta(days=1))
    for column, value in ancestors_of(union).items():
        setattr(row, column, value)
