"""Reads of drills."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Exists, exists, func, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import NotFound
from server.oversight.drills.models import DUTY_OF, Drill, DrillLogEntry, DrillProblem, DrillRule, Duty, PlanKind
from server.oversight.training.models import DRILLS, SessionStatus, TrainingInvitation, TrainingSession
from server.oversight.training.queries import get_session, may_see_people
from server.unions.actor import Actor

HELD = (SessionStatus.INCOMPLETE, SessionStatus.IN_REVIEW, SessionStatus.RETURNED, SessionStatus.ARCHIVED)


def get_drill_session(session: Session, session_id: UUID, actor: Actor, *, lock: bool = False) -> TrainingSession:
    """A session that is a drill, for its organiser and those above. Raises NotFound."""
    row = get_session(session, session_id, actor, lock=lock)
    if row.kind not in DRILLS or not may_see_people(actor, row):
        raise NotFound
    return row


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
        select(TrainingSession.enterprise_id.label("union_id"), Drill.plan_kind, func.max(TrainingSession.starts_at))
        .join(Drill, Drill.session_id == TrainingSession.id)
        .where(held, TrainingSession.enterprise_id.in_(union_ids))
        .group_by(TrainingSession.enterprise_id, Drill.plan_kind)
    )
    asked = (
        select(TrainingInvitation.union_id.label("union_id"), Drill.plan_kind, func.max(TrainingSession.starts_at))
        .join(TrainingSession, TrainingSession.id == TrainingInvitation.session_id)
        .join(Drill, Drill.session_id == TrainingSession.id)
        .where(held, TrainingInvitation.union_id.in_(union_ids))
        .group_by(TrainingInvitation.union_id, Drill.plan_kind)
    )
    for statement in (own, asked):
        for row in session.execute(statement):
            union_id, plan_kind, moment = cast(tuple[UUID, PlanKind, datetime], tuple(row))
            duty, day = DUTY_OF[plan_kind], day_of(moment)
            found[union_id][duty] = max(day, found[union_id].get(duty, day))
    return found
