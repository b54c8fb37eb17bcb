"""What a batch of enterprises is counted from, for one period: a fixed number of statements, whatever its size."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from server.core.clock import day_of
from server.core.text import search_key
from server.kit.filters import start_of
from server.oversight.coverage.counting.rules import Base, Drilled, Known, Officer, Officers, Seen, measure
from server.oversight.coverage.models import CoveragePeriod, Denominator, NamedOfficer
from server.oversight.drills.models import EmergencyPlan, TriedPlan
from server.oversight.training.models import DRILLS, HELD, Attendance, Headcount, TrainingSession
from server.unions.actor import SCOPE_COLUMNS
from server.unions.campaigns.models import Campaign
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.lookup.flags import FLAG_SUM
from server.unions.tree.models import Union

Enterprise = Any  # a row of _enterprises


def read_facts(session: Session, period: CoveragePeriod, enterprise_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """The facts of these enterprises in the period, as they are now; none for those that are not counted in it."""
    enterprises = _enterprises(session, period, enterprise_ids)
    wanted = [row.id for row in enterprises]
    if not wanted:
        return []
    teams, officers = _teams(session, wanted), _officers(session, period, enterprises)
    plans = _plans(session, period, wanted)
    bases, roster = _bases(session, period, enterprises, teams), _roster(session, wanted)
    seen = read_seen(session, period, wanted, _signs_of(officers))
    return [
        {
            "period_id": period.id,
            "enterprise_id": row.id,
            "city_id": row.city_id,
            "district_id": row.district_id,
            "town_id": row.town_id,
            "industry": row.industry or "",
            "ownership": row.ownership,
            "size": row.size,
            "flags": row.flags,
            **measure(
                bases[row.id],
                seen.get(row.id, Seen()),
                Known(roster.get(row.id, 0), officers[row.id], teams.get(row.id, {}), *plans.get(row.id, (0, 0))),
            ),
        }
        for row in enterprises
    ]


def _signs_of(officers: Mapping[UUID, Officers]) -> tuple[set[str], set[UUID]]:
    """All by which an attendance may be an officer's: names, and who they are."""
    names = {key for each in officers.values() for key in each}
    return names, {person_id for each in officers.values() for people in each.values() for person_id in people or ()}


def _enterprises(session: Session, period: CoveragePeriod, ids: Collection[UUID]) -> Sequence[Enterprise]:
    columns = (
        Union.id, Union.city_id, Union.district_id, Union.town_id, Union.industry, Union.ownership, Union.size,
        Union.headcount, Union.safety_officer_name, FLAG_SUM.label("flags"),
    )  # fmt: skip
    within = Union.id.in_(ids), Union.level == Level.ENTERPRISE, Union.is_active.is_(True)
    return session.execute(select(*columns).where(*within, *_of_campaign(session, period))).all()


def _of_campaign(session: Session, period: CoveragePeriod) -> list[ColumnElement[bool]]:
    """A campaign is asked of those below the union that runs it."""
    if period.campaign_id is None:
        return []
    owner = session.execute(
        select(Union.id, Union.level).join(Campaign, Campaign.union_id == Union.id).where(
            Campaign.id == period.campaign_id
        )
    ).one()  # fmt: skip
    return [getattr(Union, SCOPE_COLUMNS[owner.level]) == owner.id]


def _teams(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Mapping[UUID, str]]:
    rows = session.execute(
        select(Union.enterprise_id, Union.id, Union.name).where(
            Union.enterprise_id.in_(ids), Union.level == Level.TEAM, Union.is_active.is_(True)
        )
    )
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for row in rows:
        found[row.enterprise_id][row.id] = row.name
    return found


def _officers(session: Session, period: CoveragePeriod, enterprises: Sequence[Enterprise]) -> Mapping[UUID, Officers]:
    """Those who are named, and the one on the page of the union, of whom no more is known than the name unless they are
    named as well."""
    found: dict[UUID, dict[str, frozenset[UUID] | None]] = {row.id: {} for row in enterprises}
    columns = NamedOfficer.enterprise_id, NamedOfficer.name_key, NamedOfficer.ended_at, NamedOfficer.person_id
    for row in session.execute(select(*columns).where(NamedOfficer.enterprise_id.in_(found))):
        if row.ended_at is None or day_of(row.ended_at) >= period.ends_on:
            named = found[row.enterprise_id]
            people = named.get(row.name_key, frozenset())
            named[row.name_key] = None if people is None or row.person_id is None else people | {row.person_id}
    for row in enterprises:
        if key := search_key(row.safety_officer_name):
            found[row.id].setdefault(key, None)
    return found


def _bases(
    session: Session, period: CoveragePeriod, enterprises: Sequence[Enterprise], teams: Mapping[UUID, Collection[UUID]]
) -> Mapping[UUID, Base]:
    bases = {
        row.id: Base(None, row.headcount or 0, 0, 0, officers_required=1, teams=len(teams.get(row.id, ())))
        for row in enterprises
    }
    signed = session.scalars(
        select(Denominator)
        .where(Denominator.enterprise_id.in_(bases), Denominator.as_of <= period.ends_on)
        .order_by(Denominator.as_of, Denominator.id)
    )
    for each in signed:  # the last one stays
        bases[each.enterprise_id] = Base(
            each.as_of, each.own, each.dispatched, each.contractors, each.officers_required, each.teams
        )
    return bases


def _roster(session: Session, ids: Collection[UUID]) -> Mapping[UUID, int]:
    rows = session.execute(
        select(Person.enterprise_id, func.count())
        .where(Person.enterprise_id.in_(ids), Person.is_active.is_(True))
        .group_by(Person.enterprise_id)
    )
    return {enterprise_id: count for enterprise_id, count in rows if enterprise_id is not None}


def _plans(session: Session, period: CoveragePeriod, ids: Collection[UUID]) -> Mapping[UUID, tuple[int, int]]:
    """Plans that stood in the period, and how many of them were tried in it: by a drill, or as the register says."""
    first, end = start_of(period.starts_on), start_of(period.ends_on + timedelta(days=1))
    drill = (
        exists()
        .where(TriedPlan.plan_id == EmergencyPlan.id, TrainingSession.id == TriedPlan.session_id)
        .where(TrainingSession.status.in_(HELD), TrainingSession.starts_at >= first, TrainingSession.starts_at < end)
    )
    tried = case((or_(drill, EmergencyPlan.tried_on.between(period.starts_on, period.ends_on)), 1), else_=0)
    rows = session.execute(
        select(EmergencyPlan.enterprise_id, func.count(), func.sum(tried))
        .where(EmergencyPlan.enterprise_id.in_(ids), EmergencyPlan.drawn_up_on <= period.ends_on)
        .where(or_(EmergencyPlan.ended_at.is_(None), EmergencyPlan.ended_at >= end))
        .group_by(EmergencyPlan.enterprise_id)
    )
    return {enterprise_id: (plans, int(drilled)) for enterprise_id, plans, drilled in rows if enterprise_id}


# --- who was there ----------------------------------------------------------------------------------------------------


def read_seen(
    session: Session,
    period: CoveragePeriod,
    ids: Collection[UUID],
    officer_signs: tuple[Collection[str], Collection[UUID]],
) -> Mapping[UUID, Seen]:
    """Who of these enterprises was there in the period."""
    counts = {row.enterprise_id: row for row in session.execute(_heads(period, ids))}
    officers, drilled = (
        _group(session, _marked(period, ids, *officer_signs), Officer),
        _group(session, _drills(period, ids), Drilled),
    )
    heads: dict[UUID, int] = {row[0]: row[1] for row in session.execute(_numbers(period, ids))}
    return {
        each: Seen(
            counts[each].named if each in counts else 0,
            (counts[each].people - counts[each].named if each in counts else 0) + heads.get(each, 0),
            officers.get(each, ()),
            drilled.get(each, ()),
        )
        for each in {*counts, *officers, *drilled, *heads}
    }


def _group(session: Session, statement: Any, make: Callable[..., Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for enterprise_id, *values in session.execute(statement):
        found[enterprise_id].append(make(*values))
    return found


def _counted(table: Any, period: CoveragePeriod) -> ColumnElement[bool]:
    return and_(table.is_counted.is_(True), table.held_on.between(period.starts_on, period.ends_on))


def _heads(period: CoveragePeriod, ids: Collection[UUID]) -> Any:
    """Whoever was at sessions under two enterprises counts for the one where they were first."""
    other = aliased(Attendance)
    earlier_elsewhere = exists().where(
        other.who == Attendance.who,
        _counted(other, period),
        other.enterprise_id != Attendance.enterprise_id,
        tuple_(other.held_on, other.id) < tuple_(Attendance.held_on, Attendance.id),
    )
    named = func.count(case((Attendance.person_id.is_not(None), Attendance.who)).distinct())
    return (
        select(Attendance.enterprise_id, func.count(Attendance.who.distinct()).label("people"), named.label("named"))
        .where(Attendance.enterprise_id.in_(ids), _counted(Attendance, period), ~earlier_elsewhere)
        .group_by(Attendance.enterprise_id)
    )


def _numbers(period: CoveragePeriod, ids: Collection[UUID]) -> Any:
    """Of those without names the most at one session: the same people may have been at the others."""
    return (
        select(Headcount.enterprise_id, func.max(Headcount.people))
        .where(Headcount.enterprise_id.in_(ids), Headcount.held_on.between(period.starts_on, period.ends_on))
        .group_by(Headcount.enterprise_id)
    )


def _marked(period: CoveragePeriod, ids: Collection[UUID], names: Collection[str], people: Collection[UUID]) -> Any:
    """Of those who may be officers: they signed in as such, are one, or are called like one."""
    return (
        select(
            Attendance.enterprise_id, Attendance.who, Attendance.name_key, Attendance.is_officer, Attendance.person_id
        )
        .where(
            Attendance.enterprise_id.in_(ids), _counted(Attendance, period),
            or_(
                Attendance.is_officer.is_(True), Attendance.name_key.in_(names), Attendance.person_id.in_(people)
            ),
        )
        .distinct()
    )  # fmt: skip


def _drills(period: CoveragePeriod, ids: Collection[UUID]) -> Any:
    return (
        select(Attendance.enterprise_id, Attendance.team_id, Attendance.team)
        .where(Attendance.enterprise_id.in_(ids), _counted(Attendance, period), Attendance.kind.in_(DRILLS))
        .distinct()
    )
