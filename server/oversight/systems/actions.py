"""Writes: the list of systems that a city asks about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.oversight.systems.models import SafetySystem
from server.oversight.systems.permissions import MAY_CHOOSE
from server.oversight.systems.rules import shipped_systems
from server.oversight.systems.schemas import SystemIn
from server.unions.actor import Actor

TAKEN = "已经有同名的制度。"


def city_of(actor: Actor) -> UUID:
    """The city whose list the actor keeps. Raises NotFound."""
    for role in actor.roles:
        if role.role in MAY_CHOOSE:
            return role.union_id
    raise NotFound


def use_shipped(session: Session, *, actor: Actor, now: datetime) -> int:
    """Begin with the shipped list; what the city has already stays as it is. Returns how many are new."""
    city_id = city_of(actor)
    known = set(session.scalars(select(SafetySystem.name).where(SafetySystem.city_id == city_id)))
    new = [each for each in shipped_systems() if each.name not in known]
    for position, each in enumerate(new, _last(session, city_id) + 1):
        session.add(
            SafetySystem(
                id=ids.new_id(), city_id=city_id, position=position, name=each.name, basis=each.basis,
                review_months=each.review_months, created_at=now, updated_at=now,
            )
        )  # fmt: skip
    session.flush()
    if new:
        record(
            session, "system.list_begun", subject_type="union", subject_id=city_id, actor_id=actor.person_id, at=now,
            detail={"systems": len(new)},
        )  # fmt: skip
    return len(new)


def add_system(session: Session, content: SystemIn, *, actor: Actor, now: datetime) -> SafetySystem:
    """One more to ask about. Raises Conflict for a name that is there."""
    city_id = city_of(actor)
    system = SafetySystem(
        id=ids.new_id(), city_id=city_id, position=_last(session, city_id) + 1, name=content.name,
        basis=content.basis, review_months=content.review_months, is_asked=True, created_at=now, updated_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(system)
    except IntegrityError as error:
        raise Conflict(TAKEN, code="system_taken") from error
    _record(session, "system.added", system, actor, now)
    return system


def edit_system(session: Session, system_id: UUID, content: SystemIn, *, actor: Actor, now: datetime) -> SafetySystem:
    """Other words, another basis, or not asked about any more: what enterprises said stays."""
    system = session.get(SafetySystem, system_id, with_for_update=True, populate_existing=True)
    if system is None or system.city_id != city_of(actor):
        raise NotFound
    if system.version != content.version:
        raise Conflict("这一项刚被别人改过，请刷新后再改。", code="stale")
    try:
        with session.begin_nested():
            system.name, system.basis, system.review_months = content.name, content.basis, content.review_months
            system.is_asked, system.version, system.updated_at = content.is_asked, system.version + 1, now
    except IntegrityError as error:
        raise Conflict(TAKEN, code="system_taken") from error
    _record(session, "system.edited", system, actor, now)
    return system


def _last(session: Session, city_id: UUID) -> int:
    return session.scalar(select(func.max(SafetySystem.position)).where(SafetySystem.city_id == city_id)) or 0


def _record(session: Session, action: str, system: SafetySystem, actor: Actor, now: datetime) -> None:
    record(
        session, action, subject_type="safety_system", subject_id=system.id, actor_id=actor.person_id, at=now,
        detail={"name": system.name},
    )  # fmt: skip
