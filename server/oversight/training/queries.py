"""Reads of training: a session, who was there, what a phone lists, what coverage counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.oversight.training.models import (
    HIDDEN,
    Attendance,
    Headcount,
    SessionStatus,
    SpecialPermit,
    TrainingCard,
    TrainingInvitation,
    TrainingSession,
)
from server.oversight.training.permissions import MAY_LEAD, MAY_READ
from server.unions.actor import Actor, RoleAt, in_scope
from server.unions.people.models import Person
from server.unions.people.queries import get_person_in_scope
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

MAX_ROWS = 2_000
"""People of one session that a page and a sheet hold."""
MOST_VENUES = 60


@dataclass(frozen=True, slots=True)
class Venue:
    """A place where sessions were held before."""

    name: str
    latitude: float
    longitude: float
    datum: str = "wgs84"


def leading(actor: Actor) -> tuple[RoleAt, ...]:
    """The roles by which somebody holds sessions in the name of a union."""
    return tuple(role_at for role_at in actor.reviewing if role_at.role in MAY_LEAD)


def leads_for(actor: Actor, union_id: UUID) -> RoleAt | None:
    """The role by which the actor holds sessions of that union."""
    return next((each for each in leading(actor) if each.union_id == union_id), None)


def _asked(actor: Actor) -> ColumnElement[bool]:
    """Whether one of the actor's unions, or one above it, is asked to come."""
    own = aliased(Union)
    ids = [role_at.union_id for role_at in actor.roles if role_at.role in MAY_READ]
    is_above = or_(*(getattr(own, column) == TrainingInvitation.union_id for column in ANCESTOR_COLUMNS))
    return exists().where(TrainingInvitation.session_id == TrainingSession.id, own.id.in_(ids), is_above)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Sessions that unions of the actor's subtrees hold; those that theirs are asked to, once they are announced."""
    is_known = TrainingSession.status != SessionStatus.PLANNED
    return or_(in_scope(actor, TrainingSession, MAY_READ), is_known & _asked(actor))


def get_session(session: Session, session_id: UUID, actor: Actor, *, lock: bool = False) -> TrainingSession:
    """A session, locked if asked. Raises NotFound if the actor may not know of it."""
    query = select(TrainingSession).where(TrainingSession.id == session_id, visible(actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound("没有找到这场培训，或者不在您的管理范围内。", code="session_not_found")
    return found


def may_see_people(actor: Actor, row: TrainingSession) -> bool:
    """Whether somebody sees who was there: the organiser and those above it, not everybody who was asked to come."""
    return actor.holds_over(row, MAY_READ)


def invited(session: Session, session_id: UUID) -> list[tuple[UUID, str]]:
    """The unions that are asked to come, by name."""
    rows = session.execute(
        select(Union.id, Union.name)
        .join(TrainingInvitation, TrainingInvitation.union_id == Union.id)
        .where(TrainingInvitation.session_id == session_id)
        .order_by(Union.name, Union.id)
    )
    return [(row.id, row.name) for row in rows]


def list_attendances(
    session: Session, session_id: UUID, limit: int = MAX_ROWS, *, with_struck: bool = True
) -> Sequence[Attendance]:
    """Who was there, in the order in which they came."""
    query = select(Attendance).where(Attendance.session_id == session_id)
    if not with_struck:
        query = query.where(Attendance.is_struck.is_(False))
    return session.scalars(query.order_by(Attendance.checked_in_at, Attendance.id).limit(limit)).all()


def count_present(session: Session, session_id: UUID) -> tuple[int, int]:
    """How many came, and how many of them count."""
    row = session.execute(
        select(func.count(), func.count().filter(Attendance.is_counted.is_(True))).where(
            Attendance.session_id == session_id, Attendance.is_struck.is_(False)
        )
    ).one()
    return row[0], row[1]


def known_venues(session: Session, actor: Actor) -> list[Venue]:
    """Where the actor's own unions held sessions before, each place once, the latest first."""
    organisers = {role_at.union_id for role_at in actor.roles}
    latest = (
        select(TrainingSession.venue, TrainingSession.latitude, TrainingSession.longitude)
        .where(TrainingSession.organiser_id.in_(organisers), TrainingSession.latitude.is_not(None))
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id)
        .limit(MOST_VENUES)
    )
    found: dict[str, Venue] = {}
    for venue, latitude, longitude in cast(Sequence[tuple[str, float, float]], session.execute(latest).all()):
        found.setdefault(venue, Venue(venue, latitude, longitude))
    return list(found.values())


def count_unnamed(session: Session, session_id: UUID) -> int:
    """How many more came of whom there is a number alone."""
    people = select(func.coalesce(func.sum(Headcount.people), 0)).where(Headcount.session_id == session_id)
    return int(session.scalar(people) or 0)


def has_headcounts(session: Session, session_id: UUID) -> bool:
    """Whether some who came are known by their number alone."""
    return session.scalar(select(exists().where(Headcount.session_id == session_id))) or False


def get_attendance(session: Session, session_id: UUID, attendance_id: UUID) -> Attendance:
    """Somebody of a session, locked. Raises NotFound."""
    found = session.get(Attendance, attendance_id, with_for_update=True, populate_existing=True)
    if found is None or found.session_id != session_id:
        raise NotFound
    return found


# --- phones -----------------------------------------------------------------------------------------------------------


def asked_of(session: Session, enterprise_id: UUID | None, since: datetime, limit: int) -> Sequence[TrainingSession]:
    """Sessions that an enterprise, or a union above it, is asked to and that began since then; the next first."""
    union = session.get(Union, enterprise_id) if enterprise_id is not None else None
    if union is None:
        return []
    own = [value for column in ANCESTOR_COLUMNS if (value := getattr(union, column)) is not None]
    invited_to = (
        select(TrainingInvitation.session_id)
        .where(TrainingInvitation.union_id.in_(own), TrainingInvitation.starts_at >= since)
        .distinct()
    )
    open_ones = (SessionStatus.NOTIFIED, SessionStatus.RUNNING, SessionStatus.INCOMPLETE)
    return session.scalars(
        select(TrainingSession)
        .where(TrainingSession.id.in_(invited_to), TrainingSession.status.in_(open_ones))
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(limit)
    ).all()


def is_asked(session: Session, session_id: UUID, enterprise_id: UUID | None) -> bool:
    """Whether people of that enterprise are asked to come."""
    if enterprise_id is None:
        return False
    own = aliased(Union)
    is_above = or_(*(getattr(own, column) == TrainingInvitation.union_id for column in ANCESTOR_COLUMNS))
    found = exists().where(TrainingInvitation.session_id == session_id, own.id == enterprise_id, is_above)
    return session.scalar(select(found)) or False


def find_asked(session: Session, session_id: UUID, actor: Actor) -> tuple[TrainingSession, Attendance | None] | None:
    """A session that somebody is asked to, or was at, with their row at it, whichever of their identities they came
    by; None for others."""
    row = session.get(TrainingSession, session_id)
    if row is None or row.status in HIDDEN:
        return None
    own = own_attendances(session, list(actor.own_ids), [session_id]).get(session_id)
    return (row, own) if own is not None or is_asked(session, session_id, actor.enterprise_id) else None


def own_attendances(
    session: Session, person_ids: Sequence[UUID], session_ids: Sequence[UUID]
) -> dict[UUID, Attendance]:
    """Somebody's rows at these sessions, by session."""
    rows = session.scalars(
        select(Attendance).where(Attendance.person_id.in_(person_ids), Attendance.session_id.in_(session_ids))
    )
    return {row.session_id: row for row in rows}


def record_of(person_ids: Sequence[UUID]) -> Select[Attendance, TrainingSession]:
    """What somebody was at, with the sessions; struck out rows are none."""
    return (
        select(Attendance, TrainingSession)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(Attendance.person_id.in_(person_ids), Attendance.is_struck.is_(False))
    )


def hours_of_year(session: Session, person_ids: Sequence[UUID], now: datetime) -> Decimal:
    """The hours of this year that count."""
    year = in_shanghai(now).year
    first, last = (
        in_shanghai(now).date().replace(year=year, month=month, day=day) for month, day in ((1, 1), (12, 31))
    )
    hours = (
        select(func.sum(TrainingSession.hours))
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .where(
            Attendance.person_id.in_(person_ids),
            Attendance.is_counted.is_(True),
            Attendance.held_on.between(first, last),
        )
    )
    return session.scalar(hours) or Decimal(0)


# --- people -----------------------------------------------------------------------------------------------------------


def get_trainee(session: Session, person_id: UUID, actor: Actor) -> Person:
    """Somebody whose record the actor may open. Raises NotFound."""
    return get_person_in_scope(session, person_id, actor, MAY_LEAD)


def find_card(session: Session, person_id: UUID) -> TrainingCard | None:
    """What their record says beside where they were."""
    return session.get(TrainingCard, person_id)


def list_permits(session: Session, person_id: UUID) -> Sequence[SpecialPermit]:
    """Their special-operation certificates, the latest first."""
    those = select(SpecialPermit).where(SpecialPermit.person_id == person_id)
    return session.scalars(those.order_by(SpecialPermit.issued_on.desc(), SpecialPermit.id)).all()
