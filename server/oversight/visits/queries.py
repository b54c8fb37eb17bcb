"""Reads of visits: one, those who may see it, the last ones at an enterprise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, and_, exists, extract, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.slice import RowsOf
from server.kit.documents.models import Document
from server.kit.scope import at_their_enterprise, union_names
from server.oversight.visits.models import (
    Side,
    Visit,
    VisitFinding,
    VisitHandover,
    VisitMember,
    VisitMode,
    VisitSignature,
    VisitStatus,
    VisitTalk,
)
from server.oversight.visits.permissions import MAY_LEAD, MAY_READ
from server.oversight.visits.texts import MODE_NAMES
from server.review.rectification.models import Rectification
from server.review.rectification.texts import STATUS_TEXTS
from server.review.rectification.workflow import DUE, RUNNING
from server.unions.actor import SCOPE_COLUMNS, Actor, RoleAt, in_scope
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import RANK

AFTER_NAME = "，,、；;：:（( "  # 王某，锅炉检验员
OCCURRED = (VisitStatus.PLANNED, VisitStatus.RECORDED, VisitStatus.SENT)
"""What counts as a visit that an enterprise has, or will have."""
WENT = (VisitStatus.RECORDED, VisitStatus.SENT)
"""Where a team has been."""


# --- who sees what ----------------------------------------------------------------------------------------------------


def leading_role(actor: Actor, visit: Visit) -> RoleAt | None:
    """The role by which the actor speaks for the union that leads the visit."""
    return next(
        (each for each in actor.roles if each.role in MAY_LEAD and each.union_id == visit.organizer_id), None
    )  # fmt: skip


def is_member(actor: Actor) -> ColumnElement[bool]:
    """Visits of whose team the actor is, as whichever of their rows."""
    return Visit.id.in_(select(VisitMember.visit_id).where(VisitMember.person_id.in_(actor.own_ids)))


def sees_whole(actor: Actor) -> ColumnElement[bool]:
    """Visits that the actor sees with everything: those that their union leads, or one below it; those of whose team
    they are. An enterprise never hears what its workers said, nor of a visit before it got the opinion."""
    conditions: list[ColumnElement[bool]] = [is_member(actor)]
    for role_at in actor.roles:
        if role_at.role in MAY_READ and role_at.level is not Level.ENTERPRISE:
            below = [level for level in Level if RANK[level] >= RANK[role_at.level]]
            lies_there = getattr(Visit, SCOPE_COLUMNS[role_at.level]) == role_at.union_id
            conditions.append(and_(lies_there, Visit.organizer_level.in_(below)))
    return or_(*conditions) if actor.roles else false()


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Those, and what was sent to the actor's subtrees."""
    return or_(and_(Visit.status == VisitStatus.SENT, in_scope(actor, Visit, MAY_READ)), sees_whole(actor))


def get_visit(session: Session, visit_id: UUID, actor: Actor, *, lock: bool = False, whole: bool = False) -> Visit:
    """A visit that the actor may see, or see `whole`. Raises NotFound."""
    allowed = sees_whole(actor) if whole else is_visible(actor)
    statement = select(Visit).where(Visit.id == visit_id, allowed).execution_options(populate_existing=lock)
    visit = session.scalar(statement.with_for_update() if lock else statement)
    if visit is None:
        raise NotFound
    return visit


def may_see_whole(session: Session, visit: Visit, actor: Actor) -> bool:
    """Whether the actor sees the talks and the checklist, too."""
    return session.scalar(select(Visit.id).where(Visit.id == visit.id, sees_whole(actor))) is not None


def get_finding(session: Session, finding_id: UUID, actor: Actor, *, lock: bool = False) -> VisitFinding:
    """A finding of a visit that the actor sees whole. Raises NotFound."""
    finding = lock_finding(session, finding_id) if lock else session.get(VisitFinding, finding_id)
    if finding is None:
        raise NotFound
    get_visit(session, finding.visit_id, actor, whole=True)
    return finding


def lock_finding(session: Session, finding_id: UUID) -> VisitFinding:
    """A finding, held until the transaction ends; who may see it is for the caller to ask. Raises NotFound."""
    finding = session.get(VisitFinding, finding_id, with_for_update=True, populate_existing=True)
    if finding is None:
        raise NotFound
    return finding


def list_handovers(session: Session, visit_id: UUID) -> dict[UUID, VisitHandover]:
    """What was handed to the authority, by the finding."""
    rows = session.scalars(
        select(VisitHandover)
        .join(VisitFinding, VisitFinding.id == VisitHandover.finding_id)
        .where(VisitFinding.visit_id == visit_id)
    )
    return {each.finding_id: each for each in rows}


def of_their_visits(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What belongs to visits of whose team a person was: its papers and signatures name them."""
    return lambda person_id: column.in_(select(VisitMember.visit_id).where(VisitMember.person_id == person_id))


def are_judged(person_id: UUID) -> ColumnElement[bool]:
    """Findings that somebody is named in as the one who judged, at their enterprise or of a union above it: their name
    stands first. Whoever is called like a part of it, or of a trade, is not handed what others did."""
    name = select(Person.name).where(Person.id == person_id).scalar_subquery()
    is_first = func.substr(VisitFinding.judge, 1, func.length(name) + 1).in_(
        [name, *(name + each for each in AFTER_NAME)]
    )
    home = aliased(Union)
    enterprise_id = select(Person.enterprise_id).where(Person.id == person_id).scalar_subquery()
    above = [
        Visit.organizer_id == select(getattr(home, column)).where(home.id == enterprise_id).scalar_subquery()
        for column in SCOPE_COLUMNS.values()
    ]
    near = select(Visit.id).where(or_(Visit.enterprise_id == enterprise_id, *above))
    return VisitFinding.visit_id.in_(near) & is_first


def may_name(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What belongs to visits of whose team a person was, or at their own enterprise."""
    here = at_their_enterprise(Visit)
    of_team = of_their_visits(column)
    return lambda person_id: or_(of_team(person_id), column.in_(select(Visit.id).where(here(person_id))))


def handovers_that_may_name(person_id: UUID) -> ColumnElement[bool]:
    """Handovers of findings of these visits."""
    found = select(VisitFinding.id).where(may_name(VisitFinding.visit_id)(person_id))
    return VisitHandover.finding_id.in_(found)


def papers_that_may_name(person_id: UUID) -> ColumnElement[bool]:
    """Papers of these handovers."""
    return Document.owner_id.in_(select(VisitHandover.id).where(handovers_that_may_name(person_id)))


def is_found(submission_id: UUID) -> Exists:
    """Whether a submission came of a visit."""
    return exists().where(VisitFinding.submission_id == submission_id)


# --- the last ones ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LastVisit:
    """What any union may know of a visit of another level: who, when, how. Nothing of what was found."""

    enterprise_id: UUID
    unit: str
    on: date
    mode: VisitMode
    mode_name: str
    is_done: bool


def last_visits(session: Session, enterprise_ids: Collection[UUID], *, most: int = 5) -> dict[UUID, list[LastVisit]]:
    """The visits of all levels at these enterprises, the latest first, `most` of each; those that are planned, too.
    Visits without notice are not told before they are done. Two statements."""
    day = func.coalesce(Visit.visited_on, Visit.planned_from)
    place = func.row_number().over(partition_by=Visit.enterprise_id, order_by=(day.desc(), Visit.id.desc()))
    is_told = or_(Visit.visited_on.is_not(None), Visit.mode != VisitMode.UNANNOUNCED)
    those = (
        select(Visit.enterprise_id, Visit.organizer_id, day.label("on"), Visit.mode, Visit.visited_on,
               place.label("place"))
        .where(Visit.enterprise_id.in_(enterprise_ids), Visit.status.in_(OCCURRED), is_told)
        .subquery()
    )  # fmt: skip
    rows = session.execute(select(those).where(those.c.place <= most).order_by(those.c.enterprise_id, those.c.place))
    found = rows.all()
    names = union_names(session, {row.organizer_id for row in found})
    visits: dict[UUID, list[LastVisit]] = {each: [] for each in enterprise_ids}
    for row in found:
        visits[row.enterprise_id].append(
            LastVisit(row.enterprise_id, names[row.organizer_id].name, row.on, row.mode, MODE_NAMES[row.mode],
                      row.visited_on is not None)
        )  # fmt: skip
    return visits


def visits_this_year(session: Session, enterprise_ids: Collection[UUID], now: datetime) -> dict[UUID, int]:
    """How many visits of all levels each of these enterprises has in the year of `now`, done or planned."""
    day = func.coalesce(Visit.visited_on, Visit.planned_from)
    rows = session.execute(
        select(Visit.enterprise_id, func.count())
        .where(
            Visit.enterprise_id.in_(enterprise_ids), Visit.status.in_(OCCURRED),
            extract("year", day) == in_shanghai(now).year,
        )
        .group_by(Visit.enterprise_id)
    )  # fmt: skip
    counts = {row[0]: row[1] for row in rows}
    return {each: counts.get(each, 0) for each in enterprise_ids}


def visits_of_source(session: Session, source_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Any]]:
    """The visits that came of these rows of the slice above: id, enterprise, state, days; the first planned first."""
    rows = session.execute(
        select(
            Visit.source_id, Visit.id, Visit.enterprise_id, Visit.status, Visit.planned_from, Visit.planned_to,
            Visit.visited_on, Visit.number,
        )
        .where(Visit.source_id.in_(source_ids))
        .order_by(Visit.planned_from, Visit.id)
    )  # fmt: skip
    found: dict[UUID, list[Any]] = {each: [] for each in source_ids}
    for row in rows:
        found[row.source_id].append(row)
    return found


# --- what belongs to one ----------------------------------------------------------------------------------------------


def list_findings(session: Session, visit_id: UUID) -> Sequence[VisitFinding]:
    """What a visit found, by number."""
    those = select(VisitFinding).where(VisitFinding.visit_id == visit_id).order_by(VisitFinding.number)
    return session.scalars(those).all()


def list_signatures(session: Session, visit_id: UUID) -> dict[Side, VisitSignature]:
    """Who signed, by side."""
    rows = session.scalars(select(VisitSignature).where(VisitSignature.visit_id == visit_id))
    signed = {each.side: each for each in rows}
    return {side: signed[side] for side in Side if side in signed}


def list_talks(session: Session, visit_id: UUID) -> Sequence[VisitTalk]:
    """What workers said, in the order of the talks."""
    return session.scalars(
        select(VisitTalk).where(VisitTalk.visit_id == visit_id).order_by(VisitTalk.position)
    ).all()  # fmt: skip


def list_members(session: Session, visit_id: UUID) -> Sequence[VisitMember]:
    """The team, in its order."""
    return session.scalars(
        select(VisitMember).where(VisitMember.visit_id == visit_id).order_by(VisitMember.position)
    ).all()  # fmt: skip


def team_names(session: Session, visit_id: UUID) -> list[str]:
    """Who goes, the leader first."""
    rows = session.execute(
        select(VisitMember.words, VisitMember.is_leader, Person.name)
        .outerjoin(Person, Person.id == VisitMember.person_id)
        .where(VisitMember.visit_id == visit_id)
        .order_by(VisitMember.is_leader.desc(), VisitMember.position)
    )
    return [f"{row.name or row.words}{'（组长）' if row.is_leader else ''}" for row in rows]


@dataclass(frozen=True, slots=True)
class FindingState:
    """How the rectification of a finding stands, and where it is."""

    rectification_id: UUID
    text: str
    due_at: datetime
    is_late: bool
    is_running: bool


def finding_states(session: Session, visit_id: UUID, now: datetime | None = None) -> dict[UUID, FindingState]:
    """How what a visit found stands, by the finding's id; those of which nothing was sent are no key. One statement."""
    rows = session.execute(
        select(VisitFinding.id, Rectification.id.label("at"), Rectification.status, Rectification.due_at)
        .join(Rectification, Rectification.submission_id == VisitFinding.submission_id)
        .where(VisitFinding.visit_id == visit_id)
        .order_by(Rectification.id)
    )
    return {
        row.id: FindingState(
            row.at, STATUS_TEXTS[row.status], row.due_at,
            now is not None and row.status in DUE and row.due_at < now, row.status in RUNNING,
        )
        for row in rows
    }  # fmt: skip
