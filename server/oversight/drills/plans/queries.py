"""Reads of the register."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import NotFound
from server.oversight.drills.models import EmergencyPlan, TriedPlan
from server.oversight.drills.permissions import MAY_READ
from server.oversight.training.models import HELD, TrainingSession
from server.oversight.training.queries import may_see_people
from server.unions.actor import Actor, in_scope

MOST_DRILLS = 10
MOST_OFFERED = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """A drill that tried a plan. `href` for those who may open it."""

    title: str
    held_on: date
    must_revise: bool
    href: str


def get_plan(session: Session, plan_id: UUID, actor: Actor, *, lock: bool = False) -> EmergencyPlan:
    """A plan within the actor's subtrees. Raises NotFound."""
    those = select(EmergencyPlan).where(EmergencyPlan.id == plan_id, in_scope(actor, EmergencyPlan, MAY_READ))
    plan = session.scalar(those.with_for_update().execution_options(populate_existing=True) if lock else those)
    if plan is None:
        raise NotFound("没有找到这份预案，或者不在您的管理范围内。")
    return plan


def plans_by_enterprise(session: Session, union_ids: Collection[UUID]) -> Mapping[UUID, Sequence[EmergencyPlan]]:
    """What stands in the register of these enterprises."""
    found: dict[UUID, list[EmergencyPlan]] = defaultdict(list)
    those = select(EmergencyPlan).where(EmergencyPlan.enterprise_id.in_(union_ids), EmergencyPlan.ended_at.is_(None))
    for plan in session.scalars(those.order_by(EmergencyPlan.kind, EmergencyPlan.id)):
        if plan.enterprise_id is not None:
            found[plan.enterprise_id].append(plan)
    return found


def list_tried(session: Session, session_id: UUID) -> Sequence[TriedPlan]:
    """The plans that a drill tried."""
    return session.scalars(select(TriedPlan).where(TriedPlan.session_id == session_id).order_by(TriedPlan.id)).all()


def offered_plans(session: Session, union_ids: Collection[UUID], chosen: Collection[UUID]) -> Sequence[EmergencyPlan]:
    """Those that a drill at these enterprises may have tried: what stands, and what it named before."""
    is_offered = EmergencyPlan.ended_at.is_(None) & EmergencyPlan.enterprise_id.in_(union_ids)
    those = select(EmergencyPlan).where(is_offered | EmergencyPlan.id.in_(chosen))
    ordered = those.order_by(EmergencyPlan.enterprise_id, EmergencyPlan.kind, EmergencyPlan.id)
    return session.scalars(ordered.limit(MOST_OFFERED)).all()


def last_tried(session: Session, plan_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day of the last drill that tried each of these plans."""
    rows = session.execute(
        select(TriedPlan.plan_id, func.max(TrainingSession.starts_at))
        .join(TrainingSession, TrainingSession.id == TriedPlan.session_id)
        .where(TriedPlan.plan_id.in_(plan_ids), TrainingSession.status.in_(HELD))
        .group_by(TriedPlan.plan_id)
    )
    return {plan_id: day_of(moment) for plan_id, moment in cast(Sequence[tuple[UUID, datetime]], rows.all())}


def list_trials(session: Session, plan_id: UUID, actor: Actor) -> list[Trial]:
    """The last drills that tried a plan, the latest first."""
    rows = session.execute(
        select(TrainingSession, TriedPlan.must_revise)
        .join(TriedPlan, TriedPlan.session_id == TrainingSession.id)
        .where(TriedPlan.plan_id == plan_id)
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id)
        .limit(MOST_DRILLS)
    )
    return [
        Trial(
            row.title,
            day_of(row.starts_at),
            must_revise,
            f"/console/drills/{row.id}" if may_see_people(actor, row) else "",
        )
        for row, must_revise in rows
    ]
