"""Reads of drills."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import NotFound
from server.oversight.drills.models import (
    DUTY_OF,
    Drill,
    DrillDue,
    DrillLogEntry,
    DrillProblem,
    DrillRule,
    Duty,
    EmergencyPlan,
    PlanKind,
    TriedPlan,
)
from server.oversight.drills.texts import DUTY_NAMES
from server.oversight.training.models import DRILLS, HELD, TrainingInvitation, TrainingSession
from server.oversight.training.queries import get_session, invited, may_see_people
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union


def get_drill_session(session: Session, session_id: UUID, actor: Actor, *, lock: bool = False) -> TrainingSession:
    """A session that is a drill, for its organiser and those above. Raises NotFound."""
    row = get_session(session, session_id, actor, lock=lock)
    if row.kind not in DRILLS or not may_see_people(actor, row):
        raise NotFound
    return row


def enterprises_of(session: Session, row: TrainingSession) -> set[UUID]:
    """The enterprises that hold a drill, or were asked to it by name."""
    asked = {union_id for union_id, _ in invited(session, row.id)} | {row.enterprise_id}
    those = select(Union.id).where(Union.id.in_(asked - {None}), Union.level == Level.ENTERPRISE)
    return set(session.scalars(those))


def find_drill(session: Session, session_id: UUID) -> Drill | None:
    """Its record, once it was begun."""
    return session.get(Drill, session_id)


def list_log(session: Session, session_id: UUID) -> dict[str, DrillLogEntry]:
    """When what happened, by phase."""
    rows = session.scalars(select(DrillLogEntry).where(DrillLogEntry.session_id == session_id))
    return {row.phase.value: row for row in rows}


def list_problems(session: Session, session_id: UUID) -> Sequence[DrillProblem]:
    """What went wrong, in the order in which it was noted."""
    those = select(DrillProblem).where(DrillProblem.session_id == session_id)
    return session.scalars(those.order_by(DrillProblem.id)).all()


def is_found(submission_id: UUID) -> Exists:
    """Whether a submission came of a drill."""
    return exists().where(DrillProblem.submission_id == submission_id)


def list_rules(session: Session) -> Sequence[DrillRule]:
    """All of them, those in force first."""
    return session.scalars(
        select(DrillRule).order_by(DrillRule.duty, DrillRule.concerns, DrillRule.valid_from.desc(), DrillRule.id)
    ).all()


def last_held(session: Session, union_ids: Collection[UUID]) -> dict[UUID, dict[Duty, date]]:
    """The day of the last drill of each duty, for enterprises that held it or were asked to it by name."""
    found: dict[UUID, dict[Duty, date]] = {union_id: {} for union_id in union_ids}
    held = TrainingSession.kind.in_(DRILLS) & TrainingSession.status.in_(HELD)
    own = (
        select(TrainingSession.enterprise_id.label("union_id"), TriedPlan.kind, func.max(TrainingSession.starts_at))
        .join(TriedPlan, TriedPlan.session_id == TrainingSession.id)
        .where(held, TrainingSession.enterprise_id.in_(union_ids))
        .group_by(TrainingSession.enterprise_id, TriedPlan.kind)
    )
    asked = (
        select(TrainingInvitation.union_id.label("union_id"), TriedPlan.kind, func.max(TrainingSession.starts_at))
        .join(TrainingSession, TrainingSession.id == TrainingInvitation.session_id)
        .join(TriedPlan, TriedPlan.session_id == TrainingSession.id)
        .where(held, TrainingInvitation.union_id.in_(union_ids))
        .group_by(TrainingInvitation.union_id, TriedPlan.kind)
    )
    for statement in (own, asked):
        for row in session.execute(statement):
            union_id, plan_kind, moment = cast(tuple[UUID, PlanKind, datetime], tuple(row))
            duty, day = DUTY_OF[plan_kind], day_of(moment)
            found[union_id][duty] = max(day, found[union_id].get(duty, day))
    return found


@dataclass(frozen=True, slots=True)
class DueOfPlan:
    """Until when a plan is to be tried, and by which rule. `is_own`: it alone, else any one of its kind will do."""

    duty_name: str
    last_on: date | None
    due_on: date
    basis: str
    months: int
    is_own: bool


def dues_of_plan(session: Session, plan: EmergencyPlan) -> list[DueOfPlan]:
    """What is due of a plan that stands: of it alone, and of those of which it is one."""
    shared = (DrillDue.duty == DUTY_OF[plan.kind]) & DrillDue.plan_id.is_(None)
    rows = session.execute(
        select(DrillDue, DrillRule)
        .join(DrillRule, DrillRule.id == DrillDue.rule_id)
        .where(DrillDue.union_id == plan.enterprise_id, (DrillDue.plan_id == plan.id) | shared)
        .order_by(DrillDue.due_at, DrillDue.id)
    )
    return [
        DueOfPlan(
            DUTY_NAMES[due.duty], due.last_on, day_of(due.due_at - timedelta(seconds=1)), rule.basis, rule.months,
            due.plan_id is not None,
        )
        for due, rule in rows
    ]  # fmt: skip
