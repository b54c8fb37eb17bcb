"""The rota of a plan: who goes where as the rules have it, kept with its days, changed by hand with a reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from server.core.clock import short_days
from server.core.errors import Conflict, Invalid, NotFound
from server.core.messages import PersonalMessage
from server.oversight.supervision import messages
from server.oversight.supervision.actions import team_in
from server.oversight.supervision.models import (
    Duty,
    Plan,
    PlanMember,
    PlanMode,
    PlanStatus,
    PlanTeam,
    RotaArrangement,
    RotaEntry,
)
from server.oversight.supervision.queries import OPEN, Going, by_team, get_plan, list_members, list_teams
from server.oversight.supervision.rota.publication import freeze_setting
from server.oversight.supervision.rota.rules import (
    Group,
    Impossible,
    Setting,
    Target,
    Violation,
    explain,
    find_violations,
    plan_rota,
)
from server.oversight.supervision.schemas import RotaIn
from server.oversight.supervision.workflow import Change, Context, change_plan
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope
from server.unions.tree.rules import ANCESTOR_COLUMNS, OWN_COLUMN

MOST_TARGETS = 60
TARGET_LEVELS = frozenset({Level.DISTRICT, Level.TOWN})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of 交叉督导分组表: a group, where it goes, when, and why it may."""

    team_id: UUID | None
    team_name: str
    lead_name: str
    members: str
    union_id: UUID
    union_name: str
    starts_on: date | None
    ends_on: date | None
    days: str
    liaison: str
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The rota with what is wrong with it."""

    lines: Sequence[Line]
    violations: Sequence[Violation]
    left: Sequence[str]  # groups that go nowhere


def read_setting(session: Session, plan: Plan) -> Setting:
    """The groups and unions of a plan as the rules take them."""
    teams, entries = list_teams(session, plan.id), _entries(session, plan.id)
    members = session.scalars(select(PlanMember).where(PlanMember.plan_id == plan.id)).all()
    targets = [each.union_id for each in entries]
    from_unions = {each.union_id for each in members} | {each.lead_union_id for each in teams} | set(targets)
    unions = {union.id: union for union in session.scalars(select(Union).where(Union.id.in_(from_unions - {None})))}
    chemical = _chemical(session, targets)
    groups = [
        Group(
            str(team.id), team.name, str(_home(unions, team.lead_union_id, targets) or team.lead_union_id),
            frozenset(
                str(home) for each in members
                if each.team_id == team.id and (home := _home(unions, each.union_id, targets)) is not None
            ),
            any(each.team_id == team.id and each.is_chemist for each in members),
        )
        for team in teams
    ]  # fmt: skip
    return Setting(
        groups, [Target(str(each), unions[each].name, each in chemical) for each in targets], _last(session, plan)
    )


def _entries(session: Session, plan_id: UUID) -> Sequence[RotaEntry]:
    """In the order in which the federation lists its unions, which is the ring."""
    return session.scalars(
        select(RotaEntry)
        .join(Union, Union.id == RotaEntry.union_id)
        .where(RotaEntry.plan_id == plan_id)
        .order_by(*Union.official_order(), Union.id)
    ).all()


def _home(unions: Mapping[UUID, Union], union_id: UUID | None, targets: Sequence[UUID]) -> UUID | None:
    """The union that is inspected and in which somebody is at home; None for somebody from above or elsewhere."""
    if union_id is None:
        return None
    union = unions[union_id]
    above = [getattr(union, column) for column in ANCESTOR_COLUMNS]
    return next((each for each in reversed(above) if each in targets), None)


def _chemical(session: Session, targets: Sequence[UUID]) -> set[UUID]:
    """Those of the unions below which there is a chemical enterprise."""
    if not targets:
        return set()
    rows = session.execute(
        select(Union.district_id, Union.town_id)
        .where(
            Union.is_chemical.is_(True), Union.is_active.is_(True), Union.level == Level.ENTERPRISE,
            or_(Union.district_id.in_(targets), Union.town_id.in_(targets)),
        )
        .distinct()
    )  # fmt: skip
    return {each for row in rows for each in row if each is not None} & set(targets)


def _last(session: Session, plan: Plan) -> frozenset[tuple[str, str]]:
    """Which union led a group to which, in the last plan of the same union that had a rota."""
    before = session.scalar(
        select(Plan.id)
        .join(RotaEntry, RotaEntry.plan_id == Plan.id)
        .where(
            Plan.union_id == plan.union_id, Plan.id < plan.id, Plan.mode == PlanMode.CROSS,
            Plan.status.in_((*OPEN, PlanStatus.CLOSED)),
        )
        .order_by(Plan.id.desc())
        .limit(1)
    )  # fmt: skip
    rows = session.execute(
        select(PlanTeam.lead_union_id, RotaEntry.union_id)
        .join(PlanTeam, PlanTeam.id == RotaEntry.team_id)
        .where(RotaEntry.plan_id == before)
    )
    return frozenset((str(row.lead_union_id), str(row.union_id)) for row in rows)


def show_rota(session: Session, plan: Plan) -> Shown:
    """The rota as it stands, judged anew."""
    setting, entries = read_setting(session, plan), _entries(session, plan.id)
    groups = {group.key: group for group in setting.groups}
    targets = {target.key: target for target in setting.targets}
    teams = {team.id: team for team in list_teams(session, plan.id)}
    people = by_team(list_members(session, plan.id))
    leads = {team.lead_union_id for team in teams.values()}
    names = {
        row.id: row.name for row in session.execute(select(Union.id, Union.name).where(Union.id.in_(leads - {None})))
    }
    rota = {str(each.union_id): str(each.team_id) for each in entries if each.team_id is not None}
    lines = [
        _line(plan, each, teams, people, names, targets[str(each.union_id)].name,
              explain(setting, groups[str(each.team_id)], targets[str(each.union_id)]) if each.team_id else [])
        for each in entries
    ]  # fmt: skip
    violations = find_violations(setting, rota) if rota else []
    bad = {each.text.split("：")[0] for each in violations}
    told = [
        line if f"{line.team_name}查{line.union_name}" not in bad else _without_why(line) for line in lines
    ]  # what breaks a rule is told above, not explained
    left = [team.name for team in teams.values() if str(team.id) not in rota.values()] if rota else []
    return Shown(
        sorted(told, key=lambda line: (line.team_name == "", len(line.team_name), line.team_name)), violations, left
    )


def _line(
    plan: Plan, entry: RotaEntry, teams: Mapping[UUID, PlanTeam], people: Mapping[UUID | None, list[Going]],
    names: Mapping[UUID, str], union_name: str, why: Sequence[str],
) -> Line:  # fmt: skip
    team = teams.get(entry.team_id) if entry.team_id is not None else None
    going = people.get(team.id, []) if team is not None else []
    liaisons = [each for each in going if each.duty is Duty.LIAISON]
    since, until = entry.starts_on or plan.starts_on, entry.ends_on or plan.ends_on
    return Line(
        team.id if team is not None else None, team.name if team is not None else "",
        names.get(team.lead_union_id, "") if team is not None and team.lead_union_id is not None else "",
        "、".join(each.name for each in going if each.duty is not Duty.LIAISON), entry.union_id, union_name,
        entry.starts_on, entry.ends_on,
        short_days(since, until),
        "、".join(f"{each.name} {each.phone}".strip() for each in liaisons), "；".join(why), entry.reason or "",
    )  # fmt: skip


def _without_why(line: Line) -> Line:
    return Line(**{name: getattr(line, name) for name in Line.__slots__} | {"why": "不符合规则，见上面"})


# --- writes -----------------------------------------------------------------------------------------------------------


def arrange(session: Session, plan_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Send every group somewhere, by the rules. Without a choice of unions those that lead a group are inspected.
    Raises Conflict where the rules leave no way, and says why."""

    def write(context: Context) -> None:
        plan = context.row
        if not _entries(session, plan.id):
            _take_leading(session, plan)
        try:
            setting = read_setting(session, plan)
            found = plan_rota(setting)
        except Impossible as error:
            raise Conflict(str(error), code="no_rota") from error
        kept = RotaArrangement(
            plan_id=plan.id, setting=freeze_setting(setting), rota=dict(found), arranged_at=context.now
        )  # fmt: skip
        session.merge(kept)
        session.flush()
        for each in _entries(session, plan.id):
            each.team_id, each.reason, each.changed_by_id = UUID(found[str(each.union_id)]), None, None

    def tell(context: Context) -> Iterable[PersonalMessage]:
        teams = [each.id for each in list_teams(session, plan_id)]
        return messages.regrouped(session, context.row, teams, context.actor_id)

    change_plan(session, plan_id, Change("按规则排组", reason, write, tell=tell), actor=actor, now=now)


def _take_leading(session: Session, plan: Plan) -> None:
    leads = {each.lead_union_id for each in list_teams(session, plan.id)} - {None}
    levels = session.execute(select(Union.id, Union.level).where(Union.id.in_(leads)))
    chosen = [row.id for row in levels if row.level in TARGET_LEVELS and row.id != plan.union_id]
    if not chosen:
        raise Conflict("先给各组选组长单位，或者加受检的区市。", code="no_targets")
    session.add_all(RotaEntry(plan_id=plan.id, union_id=each) for each in chosen)
    session.flush()


def add_target(session: Session, plan_id: UUID, union_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """One more union that is inspected. Raises Invalid for one of another level, or that is there already."""
    union = get_union_in_scope(session, union_id, actor)

    def write(context: Context) -> None:
        planner = session.get_one(Union, context.row.union_id)
        is_below = getattr(union, OWN_COLUMN[planner.level]) == planner.id and union.id != planner.id
        if union.level not in TARGET_LEVELS or not is_below:
            raise Invalid(fields={"union": "请选择下级的区市或镇街"})
        if session.get(RotaEntry, {"plan_id": plan_id, "union_id": union.id}) is not None:
            raise Invalid(fields={"union": "已经在表里了"})
        if len(_entries(session, plan_id)) >= MOST_TARGETS:
            raise Conflict(f"最多 {MOST_TARGETS} 个受检单位。", code="too_many_targets")
        session.add(RotaEntry(plan_id=plan_id, union_id=union.id))

    change_plan(session, plan_id, Change("加受检单位", reason, write), actor=actor, now=now)


def remove_target(session: Session, plan_id: UUID, union_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """One union less. Raises NotFound."""

    def write(_context: Context) -> None:
        if session.get(RotaEntry, {"plan_id": plan_id, "union_id": union_id}) is None:
            raise NotFound
        session.execute(delete(RotaEntry).where(RotaEntry.plan_id == plan_id, RotaEntry.union_id == union_id))

    change_plan(session, plan_id, Change("去掉受检单位", reason, write), actor=actor, now=now)


def change_by_hand(session: Session, plan_id: UUID, form: RotaIn, *, actor: Actor, now: datetime) -> list[str]:
    """Another group or other days, with a reason. Gives what is wrong with the rota after that: a person decides."""
    concerned: set[UUID] = set()

    def write(context: Context) -> None:
        entry = session.get(RotaEntry, {"plan_id": plan_id, "union_id": form.union})
        if entry is None:
            raise NotFound
        plan = context.row
        for day in (form.starts_on, form.ends_on):
            if day is not None and not plan.starts_on <= day <= plan.ends_on:
                raise Invalid(f"请选计划期间的日子：{plan.starts_on} 至 {plan.ends_on}。")
        concerned.update(each for each in (entry.team_id, form.team) if each is not None)
        entry.team_id = team_in(session, plan_id, form.team)
        entry.starts_on, entry.ends_on = form.starts_on, form.ends_on
        entry.reason, entry.changed_by_id = form.reason, context.actor_id

    def tell(context: Context) -> Iterable[PersonalMessage]:
        return messages.regrouped(session, context.row, concerned, context.actor_id)

    change_plan(session, plan_id, Change("手工改分组表", form.reason, write, tell=tell), actor=actor, now=now)
    return [each.text for each in show_rota(session, get_plan(session, plan_id, actor)).violations]
