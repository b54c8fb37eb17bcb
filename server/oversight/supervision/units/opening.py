"""From an enterprise of a plan to its visit, which belongs to `server.oversight.visits` from then on."""

from collections import Counter
from datetime import date, datetime
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Forbidden
from server.kit.workflow import perform
from server.notifications.inbox.actions import deliver_all
from server.oversight.supervision import messages
from server.oversight.supervision.models import (
    Duty,
    Plan,
    PlanMember,
    PlanMove,
    PlanStatus,
    PlanTeam,
    PlanUnit,
    RotaEntry,
    UnitInspector,
)
from server.oversight.supervision.queries import OPEN, get_plan, get_unit, leads
from server.oversight.supervision.workflow import PLANS
from server.oversight.visits.actions import open_visit
from server.oversight.visits.messages import planned
from server.oversight.visits.models import Visit, VisitMode
from server.oversight.visits.schemas import MOST_TEAM, MemberIn
from server.unions.actor import Actor
from server.unions.tree.rules import ANCESTOR_COLUMNS

MOST_AT_ONCE = 100


class Going(NamedTuple):
    """Who goes to an enterprise, and when."""

    team_name: str
    members: list[PlanMember]
    since: date
    until: date


def who_goes(session: Session, plan: Plan, unit: PlanUnit, today: date) -> Going:
    """Those who were drawn for it; else the group that was given it by hand, or that the rota sends to where it lies.
    On the day that was set; else in the days of the rota, else while the plan runs."""
    drawn = session.scalars(
        select(PlanMember).join(UnitInspector, UnitInspector.member_id == PlanMember.id)
        .where(UnitInspector.unit_id == unit.id).order_by(PlanMember.id)
    ).all()  # fmt: skip
    above = [each for column in ANCESTOR_COLUMNS if (each := getattr(unit, column)) is not None]
    entries = session.scalars(select(RotaEntry).where(RotaEntry.plan_id == plan.id, RotaEntry.union_id.in_(above)))
    sent = max(entries, key=lambda entry: above.index(entry.union_id), default=None)  # the town's before the district's
    since, until = max(plan.starts_on, min(today, plan.ends_on)), plan.ends_on
    if sent is not None and sent.starts_on is not None and sent.ends_on is not None:
        since, until = sent.starts_on, sent.ends_on
    if unit.planned_on is not None:
        since = until = unit.planned_on
    if drawn:
        return Going("", list(drawn), since, until)
    team_id = unit.team_id or (sent.team_id if sent is not None else None)
    if team_id is None:
        return Going("", [], since, until)
    those = select(PlanMember).where(PlanMember.team_id == team_id).order_by(PlanMember.id)
    return Going(session.get_one(PlanTeam, team_id).name, list(session.scalars(those)), since, until)


def open_unit(session: Session, unit_id: UUID, *, actor: Actor, now: datetime) -> Visit:
    """Open the visit of an enterprise. Raises Forbidden, Conflict where the plan is not out or nobody goes."""
    unit, plan = get_unit(session, unit_id, actor, lock=True)
    _require_open(plan, actor)
    if unit.opened_at is not None or unit.dropped_at is not None:
        raise Conflict("这家企业已经安排过，或者已经去掉了。", code="opened_already")
    going = who_goes(session, plan, unit, day_of(now))
    if not going.members:
        raise Conflict("还没有人去这家企业：先分组、排组，或者抽取检查人员。", code="nobody_goes")
    visit = _open(session, plan, unit, going, actor, now)
    deliver_all(session, planned(session, visit, actor.person_id), now=now)
    return visit


def _require_open(plan: Plan, actor: Actor) -> None:
    if not leads(actor, plan.union_id):
        raise Forbidden("由制定计划的工会安排。")
    if plan.status not in OPEN:
        raise Conflict("计划发布以后才能安排督导。", code="not_published")


def _open(session: Session, plan: Plan, unit: PlanUnit, going: Going, actor: Actor, now: datetime) -> Visit:
    leaders = [each for each in going.members if each.duty is Duty.LEADER] or going.members[:1]
    team = [
        MemberIn(person_id=each.person_id, words=each.words if each.person_id is None else "",
                 is_leader=each.id == leaders[0].id)
        for each in going.members[:MOST_TEAM]
    ]  # fmt: skip
    visit = open_visit(
        session, actor=actor, now=now, enterprise_id=cast(UUID, unit.enterprise_id), mode=VisitMode(plan.mode.value),
        occasion=plan.title, planned_from=going.since, planned_to=going.until, team=team, basis=plan.basis,
        team_name=going.team_name, form_version_id=plan.form_version_id, organizer_id=plan.union_id,
        source_id=unit.id,
    )  # fmt: skip
    unit.opened_at = now
    session.flush()
    if plan.status is PlanStatus.PUBLISHED:
        perform(PLANS, session, plan.id, PlanMove.START, actor=actor, now=now)
    record(
        session, "supervision.unit_opened", subject_type="supervision_plan", subject_id=plan.id,
        actor_id=actor.person_id, at=now, detail={"enterprise_id": str(unit.enterprise_id)},
    )  # fmt: skip
    return visit


def open_ready(session: Session, plan_id: UUID, *, actor: Actor, now: datetime) -> tuple[int, int]:
    """Open the visits of all enterprises of a plan where it is known who goes; some at a time. Gives how many were
    opened and for how many nobody goes yet."""
    plan = get_plan(session, plan_id, actor, lock=True)
    _require_open(plan, actor)
    waiting = session.scalars(
        select(PlanUnit)
        .where(PlanUnit.plan_id == plan_id, PlanUnit.opened_at.is_(None), PlanUnit.dropped_at.is_(None))
        .order_by(PlanUnit.id)
        .limit(MOST_AT_ONCE)
    ).all()
    counts: Counter[UUID] = Counter()
    opened: list[UUID] = []
    for unit in waiting:
        going = who_goes(session, plan, unit, day_of(now))
        if going.members:
            opened.append(_open(session, plan, unit, going, actor, now).id)
            counts.update(each.person_id for each in going.members[:MOST_TEAM] if each.person_id is not None)
    if opened:
        deliver_all(session, messages.opened(plan, counts, opened[0], actor.person_id), now=now)
    return len(opened), len(waiting) - len(opened)
