"""Plans for the phone of somebody whom they name: with whom they go, where and when, and nothing else."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.core.clock import short_days
from server.kit.scope import union_names
from server.oversight.supervision.models import Duty, Plan, PlanTeam, PlanUnit, RotaEntry, UnitInspector
from server.oversight.supervision.permissions import MAY_READ
from server.oversight.supervision.queries import Going, list_members, names_now
from server.oversight.supervision.schemas import NamedPlanOut, NamedPlansOut
from server.oversight.supervision.texts import MODE_NAMES
from server.unions.actor import Actor

MOST_PLANS, MOST_PLACES = 20, 50


def list_named_plans(session: Session, officer: Actor, now: datetime) -> NamedPlansOut:
    """Open plans that name somebody, those that begin first first; none for whoever reviews nowhere."""
    if not officer.roles:
        return NamedPlansOut(items=[])
    plans = session.scalars(
        select(Plan).where(names_now(officer, now)).order_by(Plan.starts_on, Plan.id).limit(MOST_PLANS)
    ).all()
    unions = union_names(session, {plan.union_id for plan in plans})
    return NamedPlansOut(items=[_describe(session, plan, unions[plan.union_id].name, officer) for plan in plans])


def _describe(session: Session, plan: Plan, union_name: str, officer: Actor) -> NamedPlanOut:
    members = list_members(session, plan.id)
    mine = [each for each in members if each.person_id in officer.own_ids]
    own = [each.union_id for each in officer.roles if each.role in MAY_READ]
    leading = PlanTeam.lead_union_id.in_(own)
    teams = session.scalars(
        select(PlanTeam)
        .where(PlanTeam.plan_id == plan.id, or_(leading, PlanTeam.id.in_({each.team_id for each in mine} - {None})))
        .order_by(PlanTeam.position)
    ).all()
    going = [each for each in members if each.team_id in {team.id for team in teams}]
    return NamedPlanOut(
        id=plan.id, title=plan.title, union=union_name, mode_text=MODE_NAMES[plan.mode], starts_on=plan.starts_on,
        ends_on=plan.ends_on, basis=plan.basis, group="、".join(team.name for team in teams),
        members=[each.name for each in going if each.duty is not Duty.LIAISON],
        liaisons=[f"{each.name} {each.phone}".strip() for each in going if each.duty is Duty.LIAISON],
        places=_places(session, plan, teams, mine),
    )  # fmt: skip


def _places(session: Session, plan: Plan, teams: Sequence[PlanTeam], mine: Sequence[Going]) -> list[str]:
    """Unions of the rota and enterprises, with their days."""
    team_ids = [team.id for team in teams]
    rota = session.execute(
        select(RotaEntry.union_id, RotaEntry.starts_on, RotaEntry.ends_on)
        .where(RotaEntry.plan_id == plan.id, RotaEntry.team_id.in_(team_ids))
        .order_by(RotaEntry.starts_on, RotaEntry.union_id)
    ).all()
    drawn = select(UnitInspector.unit_id).where(UnitInspector.member_id.in_([each.id for each in mine]))
    units = session.execute(
        select(PlanUnit.enterprise_id, PlanUnit.planned_on)
        .where(
            PlanUnit.plan_id == plan.id, PlanUnit.dropped_at.is_(None), PlanUnit.opened_at.is_(None),
            or_(PlanUnit.team_id.in_(team_ids), PlanUnit.id.in_(drawn)),
        )
        .order_by(PlanUnit.planned_on, PlanUnit.id)
        .limit(MOST_PLACES)
    ).all()  # fmt: skip
    found: list[tuple[Any, date | None, date | None]] = [(row.union_id, row.starts_on, row.ends_on) for row in rota]
    found += [(row.enterprise_id, row.planned_on, row.planned_on) for row in units]
    known: dict[UUID, str] = {key: each.name for key, each in union_names(session, {row[0] for row in found}).items()}
    return [f"{known[key]}{_days(since, until)}" for key, since, until in found]


def _days(since: date | None, until: date | None) -> str:
    if since is None or until is None:
        return ""
    return f"（{short_days(since, until)}）"
