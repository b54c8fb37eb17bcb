"""Which plans have to be revised: what drills showed, and nobody has revised since."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.oversight.drills.models import EmergencyPlan, TriedPlan
from server.oversight.training.models import SessionStatus, TrainingSession


def settle_revisions(session: Session, plan_ids: Collection[UUID]) -> None:
    """Say of each of these plans since when it has to be revised: since the last drill that showed it, unless it was
    revised on that day or later. Doing it again changes nothing."""
    if not plan_ids:
        return
    rows = session.execute(
        select(TriedPlan.plan_id, func.max(TrainingSession.starts_at))
        .join(TrainingSession, TrainingSession.id == TriedPlan.session_id)
        .where(TriedPlan.plan_id.in_(plan_ids), TriedPlan.must_revise.is_(True))
        .where(TrainingSession.status != SessionStatus.CANCELLED)
        .group_by(TriedPlan.plan_id)
    )
    asked = {plan_id: day_of(moment) for plan_id, moment in cast(Sequence[tuple[UUID, datetime]], rows.all())}
    plans = select(EmergencyPlan).where(EmergencyPlan.id.in_(plan_ids)).order_by(EmergencyPlan.id)
    for plan in session.scalars(plans.with_for_update()):
        day = asked.get(plan.id)
        is_settled = day is None or (plan.revised_on is not None and plan.revised_on >= day)
        plan.revise_since = None if is_settled else day
    session.flush()
