"""Reads of supervision: a plan with those who may see it, its teams and units, who may be asked to go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.clock import day_of, in_shanghai
from server.core.errors import NotFound
from server.core.slice import RowsOf
from server.oversight.supervision.models import (
    Draw,
    Duty,
    Plan,
    PlanChange,
    PlanMember,
    PlanStatus,
    PlanTeam,
    PlanUnit,
    SupervisionSettings,
    UnitInspector,
)
from server.oversight.supervision.permissions import MAY_LEAD, MAY_READ
from server.oversight.supervision.schemas import SettingsIn, Weights
from server.oversight.visits.models import Visit, VisitStatus
from server.unions.actor import Actor, RoleAt, in_scope
from server.unions.people.models import Person, RoleAssignment
from server.unions.tree.models import Union
from server.unions.tree.rules import RANK

MOST_PEOPLE, MOST_UNITS = 300, 1000
OPEN = (PlanStatus.PUBLISHED, PlanStatus.RUNNING)


def leading(actor: Actor) -> list[RoleAt]:
    """The roles by which the actor plans, the highest union first."""
    return sorted((each for each in actor.roles if each.role in MAY_LEAD), key=lambda role: RANK[role.level])


def leads(actor: Actor, union_id: UUID) -> bool:
    """Whether the actor plans for that union."""
    return any(each.union_id == union_id for each in leading(actor))


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Plans of the actor's unions and of those below; published ones in which a union of theirs leads a group, or they
    go along."""
    own = [role_at.union_id for role_at in actor.roles if role_at.role in MAY_READ]
    goes = exists().where(PlanMember.plan_id == Plan.id, PlanMember.person_id.in_(actor.own_ids))
    is_asked = exists().where(PlanTeam.plan_id == Plan.id, PlanTeam.lead_union_id.in_(own))
    return or_(in_scope(actor, Plan, MAY_READ), Plan.status.in_((*OPEN, PlanStatus.CLOSED)) & or_(goes, is_asked))


def names_now(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Plans that name the actor and are not over: they go along, or a union of theirs leads a group. Along two
    indexes."""
    own = [role_at.union_id for role_at in actor.roles if role_at.role in MAY_READ]
    goes = select(PlanMember.plan_id).where(PlanMember.person_id.in_(actor.own_ids))
    leads_group = select(PlanTeam.plan_id).where(PlanTeam.lead_union_id.in_(own))
    return Plan.id.in_(goes.union(leads_group)) & Plan.status.in_(OPEN) & (Plan.ends_on >= day_of(now))


def get_plan(session: Session, plan_id: UUID, actor: Actor | None, *, lock: bool = False) -> Plan:
    """A plan that the actor may see. Raises NotFound."""
    statement = select(Plan).where(Plan.id == plan_id).execution_options(populate_existing=lock)
    if actor is not None:
        statement = statement.where(is_visible(actor))
    plan = session.scalar(statement.with_for_update() if lock else statement)
    if plan is None:
        raise NotFound("没有找到这个督导计划。", code="plan_not_found")
    return plan


def list_teams(session: Session, plan_id: UUID) -> Sequence[PlanTeam]:
    """The groups in their order."""
    return session.scalars(select(PlanTeam).where(PlanTeam.plan_id == plan_id).order_by(PlanTeam.position)).all()


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody who inspects, as pages show them."""

    id: UUID
    team_id: UUID | None
    person_id: UUID | None
    union_id: UUID | None
    name: str
    union_name: str
    phone: str
    duty: Duty
    is_chemist: bool


def list_members(session: Session, plan_id: UUID) -> list[Going]:
    """Everybody of a plan, leaders first. One statement."""
    rows = session.execute(
        select(PlanMember, Person.name, Union.name.label("union_name"))
        .outerjoin(Person, Person.id == PlanMember.person_id)
        .outerjoin(Union, Union.id == PlanMember.union_id)
        .where(PlanMember.plan_id == plan_id)
        .order_by(PlanMember.id)
    ).all()
    order = list(Duty)
    going = [
        Going(member.id, member.team_id, member.person_id, member.union_id, name or member.words or "没有姓名",
              union_name or "", member.phone, member.duty, member.is_chemist)
        for member, name, union_name in rows
    ]  # fmt: skip
    return sorted(going, key=lambda each: order.index(each.duty))


def list_candidates(session: Session, actor: Actor, plan: Plan) -> list[tuple[UUID, str]]:
    """Reviewers of the plan's subtree who are not in it yet: id and what a select shows. The higher unions first."""
    known = select(PlanMember.person_id).where(PlanMember.plan_id == plan.id, PlanMember.person_id.is_not(None))
    rows = session.execute(
        select(Person.id, Person.name, Union.name.label("union_name"), Union.level)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(
            RoleAssignment.role.in_(MAY_LEAD), in_scope(actor, Union, MAY_LEAD), Person.is_active.is_(True),
            Person.id.not_in(known),
        )
        .order_by(Union.id, Person.id)
        .limit(MOST_PEOPLE)
    )  # fmt: skip
    found = {row.id: (RANK[row.level], f"{row.name or '没有姓名'}（{row.union_name}）") for row in rows}
    return [(person_id, text) for person_id, (_, text) in sorted(found.items(), key=lambda each: each[1])]


def find_post(session: Session, person_id: UUID, actor: Actor) -> UUID | None:
    """The union from whose office a reviewer of the actor's subtrees comes; None for nobody of these."""
    return session.scalar(
        select(RoleAssignment.union_id)
        .join(Union, Union.id == RoleAssignment.union_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.person_id == person_id, RoleAssignment.role.in_(MAY_LEAD), Person.is_active.is_(True),
            in_scope(actor, Union, MAY_LEAD),
        )
        .order_by(RoleAssignment.id)
        .limit(1)
    )  # fmt: skip


def get_unit(session: Session, unit_id: UUID, actor: Actor, *, lock: bool = False) -> tuple[PlanUnit, Plan]:
    """A unit with its plan, which is locked first. Raises NotFound."""
    plan_id = session.scalar(select(PlanUnit.plan_id).where(PlanUnit.id == unit_id))
    if plan_id is None:
        raise NotFound
    plan = get_plan(session, plan_id, actor, lock=lock)
    return session.get_one(PlanUnit, unit_id, with_for_update=lock, populate_existing=lock), plan


def count_units(session: Session, plan_id: UUID) -> tuple[int, int]:
    """How many enterprises a plan goes to, and at how many the visit is opened."""
    row = session.execute(
        select(func.count(), func.count(PlanUnit.opened_at)).where(
            PlanUnit.plan_id == plan_id, PlanUnit.dropped_at.is_(None)
        )
    ).one()
    return row[0], row[1]


def drawn_inspectors(session: Session, unit_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """Who was drawn to go there, by unit: ids of members."""
    rows = session.execute(
        select(UnitInspector.unit_id, UnitInspector.member_id)
        .where(UnitInspector.unit_id.in_(unit_ids))
        .order_by(UnitInspector.member_id)
    )
    found: dict[UUID, list[UUID]] = {each: [] for each in unit_ids}
    for row in rows:
        found[row.unit_id].append(row.member_id)
    return found


def planned_elsewhere(session: Session, enterprise_ids: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """How many plans of this year go to each of these enterprises, the visit not opened yet: they count for the cap."""
    year = in_shanghai(now).year
    rows = session.execute(
        select(PlanUnit.enterprise_id, func.count())
        .join(Plan, Plan.id == PlanUnit.plan_id)
        .where(
            PlanUnit.enterprise_id.in_(enterprise_ids), PlanUnit.opened_at.is_(None), PlanUnit.dropped_at.is_(None),
            Plan.status.in_((PlanStatus.DRAFT, *OPEN)), extract("year", Plan.starts_on) == year,
        )
        .group_by(PlanUnit.enterprise_id)
    )  # fmt: skip
    counts = {row[0]: row[1] for row in rows}
    return {each: counts.get(each, 0) for each in enterprise_ids}


def settings_of(session: Session, union_id: UUID) -> SettingsIn:
    """How a union plans: what it has set, else what the service starts with."""
    kept = session.get(SupervisionSettings, union_id)
    return SettingsIn(yearly_cap=kept.yearly_cap, **kept.weights) if kept is not None else SettingsIn()


def weights_of(settings: SettingsIn) -> Weights:
    """Those of a union's settings that a draw binds."""
    return Weights(**settings.model_dump(exclude={"yearly_cap"}))


def list_draws(session: Session, plan_id: UUID) -> Sequence[Draw]:
    """Every draw of a plan, those that came to nothing too: nobody draws until it suits them."""
    return session.scalars(select(Draw).where(Draw.plan_id == plan_id).order_by(Draw.id.desc()).limit(50)).all()


def list_changes(session: Session, plan_id: UUID) -> Sequence[PlanChange]:
    """What was changed since it was published, the newest first."""
    those = select(PlanChange).where(PlanChange.plan_id == plan_id).order_by(PlanChange.id.desc()).limit(50)
    return session.scalars(those).all()


def of_them(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What names somebody as a member of a plan."""
    return lambda person_id: column.in_(select(PlanMember.id).where(PlanMember.person_id == person_id))


def of_their_plans(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What belongs to plans that name somebody: its reasons may name them."""
    return lambda person_id: column.in_(select(PlanMember.plan_id).where(PlanMember.person_id == person_id))


def of_their_draws(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """The same of draws of these plans."""
    theirs = of_their_plans(Draw.plan_id)
    return lambda person_id: column.in_(select(Draw.id).where(theirs(person_id)))


def by_team(members: Sequence[Going]) -> Mapping[UUID | None, list[Going]]:
    """Who goes with which group; None: in no group, from the pool."""
    found: dict[UUID | None, list[Any]] = {}
    for each in members:
        found.setdefault(each.team_id, []).append(each)
    return found


def goes_elsewhere(session: Session, draw_id: UUID, unit_id: UUID) -> bool:
    """Whether another enterprise of the same draw is visited: dropped or cancelled one by one, its result would be
    thrown away by one person. The draw is held, so that two at once do not both leave the last one to the other."""
    session.get_one(Draw, draw_id, with_for_update=True, populate_existing=True)
    others = (
        select(PlanUnit.id)
        .outerjoin(Visit, Visit.source_id == PlanUnit.id)
        .where(
            PlanUnit.draw_id == draw_id, PlanUnit.id != unit_id, PlanUnit.dropped_at.is_(None),
            or_(Visit.id.is_(None), Visit.status != VisitStatus.CANCELLED),
        )
        .limit(1)
    )  # fmt: skip
    return session.scalar(others) is not None
