"""Which enterprises a plan goes to: each with its last visits of all levels, and within the cap of the year."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, Invalid, NotFound
from server.core.messages import PersonalMessage
from server.kit.filters import start_of
from server.kit.scope import ancestors_of
from server.oversight.supervision import messages
from server.oversight.supervision.actions import team_in
from server.oversight.supervision.models import Draw, Origin, Plan, PlanUnit, UnitInspector
from server.oversight.supervision.queries import get_plan, get_unit, goes_elsewhere, planned_elsewhere, settings_of
from server.oversight.supervision.schemas import DayIn, DropIn, UnitIn
from server.oversight.supervision.workflow import Change, Context, change_plan
from server.oversight.visits.queries import LastVisit, last_visits, visits_this_year
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope
from server.unions.tree.rules import OWN_COLUMN


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of visits at an enterprise: the last ones, how many in the plan's year (planned ones too), and how
    many there should be at most."""

    last: Sequence[LastVisit]
    this_year: int
    cap: int

    @property
    def is_full(self) -> bool:
        return self.this_year >= self.cap


def look_at(session: Session, plan: Plan, enterprise_ids: Collection[UUID]) -> dict[UUID, Seen]:
    """Visits of all levels at these enterprises, those that other plans mean to make counted."""
    year = start_of(plan.starts_on)
    cap = settings_of(session, plan.union_id).yearly_cap
    last, done = last_visits(session, enterprise_ids), visits_this_year(session, enterprise_ids, year)
    planned = planned_elsewhere(session, enterprise_ids, year)
    return {each: Seen(last[each], done[each] + planned[each], cap) for each in enterprise_ids}


def find_enterprise_of(session: Session, plan: Plan, enterprise_id: UUID, actor: Actor) -> Union:
    """An enterprise of the plan's subtree. Raises NotFound, Invalid."""
    union, planner = get_union_in_scope(session, enterprise_id, actor), session.get_one(Union, plan.union_id)
    if union.level is not Level.ENTERPRISE or not union.is_active:
        raise Invalid(fields={"enterprise": "请选择一家企业"})
    if getattr(union, OWN_COLUMN[planner.level]) != planner.id:
        raise NotFound
    return union


def add_unit(session: Session, plan_id: UUID, form: UnitIn, *, actor: Actor, now: datetime) -> None:
    """One more enterprise. Raises Invalid where it is in the plan already, or full for the year and nobody says why."""
    plan = get_plan(session, plan_id, actor)
    enterprise = find_enterprise_of(session, plan, form.enterprise, actor)

    def write(context: Context) -> None:
        _refuse_twice(session, plan_id, enterprise.id)
        seen = look_at(session, context.row, [enterprise.id])[enterprise.id]
        if seen.is_full and not form.over_cap_reason:
            words = f"今年已经去过或安排了 {seen.this_year} 次，达到上限；一定要去的，写明原因"
            raise Invalid(fields={"over_cap_reason": words})
        session.add(
            PlanUnit(
                id=ids.new_id(), plan_id=plan_id, team_id=team_in(session, plan_id, form.team), origin=Origin.NAMED,
                planned_on=_within(context.row, form.planned_on),
                over_cap_reason=(form.over_cap_reason or None) if seen.is_full else None, created_at=now,
                **ancestors_of(enterprise),
            )
        )  # fmt: skip

    change_plan(session, plan_id, Change("加一家企业", form.reason, write), actor=actor, now=now)


def _going(session: Session, plan_id: UUID, enterprise_id: UUID) -> PlanUnit | None:
    return session.scalar(
        select(PlanUnit).where(
            PlanUnit.plan_id == plan_id, PlanUnit.enterprise_id == enterprise_id, PlanUnit.dropped_at.is_(None)
        )
    )


def _refuse_twice(session: Session, plan_id: UUID, enterprise_id: UUID) -> None:
    if _going(session, plan_id, enterprise_id) is not None:
        raise Invalid(fields={"enterprise": "这家企业已经在计划里了"})


def _within(plan: Plan, day: date | None) -> date | None:
    if day is not None and not plan.starts_on <= day <= plan.ends_on:
        raise Invalid(fields={"planned_on": f"请选计划期间的日子：{plan.starts_on} 至 {plan.ends_on}"})
    return day


def set_day(session: Session, unit_id: UUID, form: DayIn, *, actor: Actor, now: datetime) -> None:
    """Another day or group for an enterprise. Raises Conflict once its visit is opened: that has a page of its own."""
    unit, plan = get_unit(session, unit_id, actor)

    def write(context: Context) -> None:
        _require_waiting(unit)
        unit.planned_on, unit.team_id = _within(context.row, form.planned_on), team_in(session, plan.id, form.team)

    change_plan(session, plan.id, Change("改日子或组", form.reason, write), actor=actor, now=now)


def drop_unit(session: Session, unit_id: UUID, form: DropIn, *, actor: Actor, now: datetime) -> None:
    """Do not go to an enterprise after all. Raises Conflict for one that was drawn: another one goes in its place."""
    unit, plan = get_unit(session, unit_id, actor)

    def write(_context: Context) -> None:
        _require_waiting(unit)
        if unit.origin is not Origin.NAMED and _next_in_reserve(session, unit) is not None:
            raise Conflict("抽中的企业不能直接去掉，请换成备用的。", code="replace_it")
        if unit.draw_id is not None and not goes_elsewhere(session, unit.draw_id, unit.id):
            raise Conflict(
                "这次抽中的企业都不去了，就等于作废这次抽取：请在抽取页申请作废，由另一位同意。", code="draw_emptied"
            )
        unit.dropped_at, unit.dropped_reason = now, form.reason

    change_plan(session, plan.id, Change("去掉一家企业", form.reason, write), actor=actor, now=now)


def replace_unit(session: Session, unit_id: UUID, form: DropIn, *, actor: Actor, now: datetime) -> PlanUnit:
    """Let the next one in reserve of the same stratum stand in for an enterprise that was drawn. Raises Conflict where
    there is none left."""
    unit, plan = get_unit(session, unit_id, actor)
    found: list[PlanUnit] = []

    def write(_context: Context) -> None:
        _require_waiting(unit)
        place = _next_in_reserve(session, unit)
        if place is None:
            raise Conflict("没有备用的企业了。去不了的，写明原因去掉。", code="no_reserve")
        unit.dropped_at, unit.dropped_reason = now, form.reason
        session.flush()
        found.append(unit_of_place(session, plan.id, unit.draw_id, place, Origin.RESERVE, now))
        session.flush()
        unit.replaced_by_id = found[0].id

    def tell(context: Context) -> Iterable[PersonalMessage]:
        return messages.drawn(session, context.row, found[0].id, [found[0].id], context.actor_id)

    change_plan(session, plan.id, Change("换成备用的企业", form.reason, write, tell=tell), actor=actor, now=now)
    return found[0]


def _require_waiting(unit: PlanUnit) -> None:
    if unit.dropped_at is not None:
        raise Conflict("这家企业已经去掉了。", code="dropped_already")
    if unit.opened_at is not None:
        raise Conflict("这家企业已经安排了督导，请在那次督导里改。", code="opened_already")


Place = dict[str, object]


def _next_in_reserve(session: Session, unit: PlanUnit) -> Place | None:
    """The first place in reserve of the unit's stratum that nobody stands in for yet."""
    if unit.draw_id is None:
        return None
    places: list[Place] = session.scalars(select(Draw.places).where(Draw.id == unit.draw_id)).one()
    used = {str(each) for each in session.scalars(
        select(PlanUnit.enterprise_id).where(PlanUnit.draw_id == unit.draw_id)
    )}  # fmt: skip
    stratum = next((each["stratum"] for each in places if each["unit"] == str(unit.enterprise_id)), None)
    rest = (each for each in places if each["stratum"] == stratum and each["is_reserve"] and each["unit"] not in used)
    return next(rest, None)


def unit_of_place(
    session: Session, plan_id: UUID, draw_id: UUID | None, place: Place, origin: Origin, now: datetime
) -> PlanUnit:
    """The unit of an enterprise that was drawn, with those who were drawn to go there. One that was named by hand after
    the frame was frozen becomes one that was drawn."""
    enterprise = session.get_one(Union, UUID(str(place["unit"])))
    unit = _going(session, plan_id, enterprise.id)
    if unit is None:
        unit = PlanUnit(id=ids.new_id(), plan_id=plan_id, created_at=now, **ancestors_of(enterprise))
        session.add(unit)
    elif unit.draw_id is not None:  # another draw was quicker
        return unit
    unit.origin, unit.draw_id = origin, draw_id
    session.flush()
    for each in cast(list[str], place["inspectors"]):
        session.add(UnitInspector(unit_id=unit.id, member_id=UUID(each)))
    return unit
