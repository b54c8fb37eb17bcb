"""Writes of the register: a plan is put down, said anew, revised, given up."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Invalid, NotFound
from server.core.jobs.actions import enqueue
from server.kit.filters import start_of
from server.kit.scope import ancestors_of
from server.oversight.drills.jobs import COUNT_SOME
from server.oversight.drills.models import EmergencyPlan
from server.oversight.drills.permissions import MAY_KEEP
from server.oversight.drills.plans.queries import get_plan
from server.oversight.drills.plans.revisions import settle_revisions
from server.oversight.drills.schemas import EndPlanIn, PlanEdit, PlanFacts, RevisedIn
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.queries import get_union_in_scope

FACTS = frozenset(PlanFacts.model_fields)
PAST = ("drawn_up_on", "filed_on", "revised_on", "tried_on")


def note_plan(
    session: Session, enterprise_id: UUID, facts: PlanFacts, *, actor: Actor, now: datetime
) -> EmergencyPlan:  # fmt: skip
    """Put a plan down. Raises NotFound out of scope, Invalid, Conflict for one that stands there already."""
    union = get_union_in_scope(session, enterprise_id, actor)
    if union.level is not Level.ENTERPRISE:
        raise Invalid(fields={"enterprise": "请选择一家企业"})
    plan = EmergencyPlan(
        id=ids.new_id(), version=1, ended_reason="", noted_by_id=actor.person_id, noted_at=now, **ancestors_of(union)
    )
    _require_keeper(plan, actor)
    _fill(plan, facts, FACTS, now)
    _flush(session, plan)
    _note(session, "plan.noted", plan, actor, now)
    return plan


def edit_plan(session: Session, plan_id: UUID, form: PlanEdit, *, actor: Actor, now: datetime) -> None:
    """Say it anew. Raises NotFound, Invalid, Conflict if it changed meanwhile."""
    _change(session, _hold(session, plan_id, form.version, actor), form, FACTS, actor, now)


def keep_row(session: Session, enterprise_id: UUID, row: PlanFacts, actor: Actor, now: datetime) -> EmergencyPlan:
    """A row of a sheet: the plan of that kind and name is said anew, as far as the row says anything, else put down."""
    found = session.scalar(
        select(EmergencyPlan).where(
            EmergencyPlan.enterprise_id == enterprise_id, EmergencyPlan.ended_at.is_(None),
            EmergencyPlan.kind == row.kind, EmergencyPlan.name == row.name,
        ).with_for_update()
    )  # fmt: skip
    if found is None:
        return note_plan(session, enterprise_id, row, actor=actor, now=now)
    said = FACTS & row.model_fields_set
    if any(getattr(found, name) != (getattr(row, name) or _nothing(name)) for name in said):
        _require_keeper(found, actor)
        _change(session, found, row, said, actor, now)
    return found


def revise_plan(session: Session, plan_id: UUID, form: RevisedIn, *, actor: Actor, now: datetime) -> None:
    """It was revised: what a drill asked for is done. Raises NotFound, Conflict, Invalid for a day that cannot be."""
    plan = _hold(session, plan_id, form.version, actor)
    first = max(filter(None, (plan.drawn_up_on, plan.revised_on, plan.revise_since)))
    if form.revised_on < first:
        raise Invalid(fields={"revised_on": f"不能早于 {first}"})
    plan.revised_on, plan.edition = form.revised_on, form.edition or plan.edition
    _check_days(plan, now)
    plan.revise_since = None
    plan.version, plan.updated_at = plan.version + 1, now
    session.flush()
    settle_revisions(session, [plan.id])
    _note(session, "plan.revised", plan, actor, now, revised_on=form.revised_on.isoformat())


def end_plan(session: Session, plan_id: UUID, form: EndPlanIn, *, actor: Actor, now: datetime) -> None:
    """Give it up; it stays with the reason, and nothing of it is due any more. Raises NotFound, Conflict."""
    plan = _hold(session, plan_id, form.version, actor)
    plan.ended_at, plan.ended_reason = now, form.reason
    plan.version, plan.updated_at = plan.version + 1, now
    session.flush()
    _note(session, "plan.ended", plan, actor, now, reason=form.reason)


def _hold(session: Session, plan_id: UUID, version: int, actor: Actor) -> EmergencyPlan:
    plan = get_plan(session, plan_id, actor, lock=True)
    _require_keeper(plan, actor)
    if plan.ended_at is not None:
        raise Conflict("这份预案已经停用。", code="ended_already")
    if plan.version != version:
        raise Conflict
    return plan


def _require_keeper(plan: EmergencyPlan, actor: Actor) -> None:
    if not actor.holds_over(plan, MAY_KEEP):
        raise NotFound("没有找到这份预案，或者不在您的管理范围内。")


def _change(
    session: Session, plan: EmergencyPlan, facts: PlanFacts, said: Collection[str], actor: Actor, now: datetime
) -> None:  # fmt: skip
    _fill(plan, facts, said, now)
    plan.version += 1
    plan.revise_since = None  # until it is settled: a day of revision is never behind it
    _flush(session, plan)
    settle_revisions(session, [plan.id])
    _note(session, "plan.changed", plan, actor, now)


def _fill(plan: EmergencyPlan, facts: PlanFacts, said: Collection[str], now: datetime) -> None:
    for name in said:
        setattr(plan, name, getattr(facts, name) or _nothing(name))
    plan.review_due_at = start_of(plan.next_review_on + timedelta(days=1)) if plan.next_review_on else None
    plan.updated_at = now
    _check_days(plan, now)


def _nothing(name: str) -> Literal[""] | None:
    return None if name.endswith("_on") else ""


def _check_days(plan: EmergencyPlan, now: datetime) -> None:
    """No past lies ahead."""
    today, days = day_of(now), {name: getattr(plan, name) for name in PAST}
    late = {name: "不能晚于今天" for name, day in days.items() if isinstance(day, date) and day > today}
    if late:
        raise Invalid(fields=late)


def _flush(session: Session, plan: EmergencyPlan) -> None:
    try:
        with session.begin_nested():
            session.add(plan)
            session.flush()
    except IntegrityError as error:  # uq_emergency_plans_standing
        raise Conflict("这家企业已经登记了同名的预案。", code="known_already") from error


def _note(
    session: Session, action: str, plan: EmergencyPlan, actor: Actor, now: datetime, **detail: str
) -> None:  # fmt: skip
    enqueue(session, COUNT_SOME, union_id=cast(UUID, plan.enterprise_id))
    record(
        session, action, subject_type="emergency_plan", subject_id=plan.id, actor_id=actor.person_id, at=now,
        detail={"plan": plan.name, **detail},
    )  # fmt: skip
