"""Writes of locations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.activities.locations.models import Location
from server.activities.locations.permissions import MAY_EDIT, MAY_READ
from server.activities.locations.rules import read_lines
from server.activities.locations.schemas import ActiveIn, LocationIn, LocationsIn
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.kit.scope import ancestors_of
from server.unions.actor import Actor, in_scope
from server.unions.roles import Level
from server.unions.tree.lookup.invites import new_invite_code
from server.unions.tree.queries import get_union_in_scope

KNOWN = "这家企业已经有同名同位置的点位。"


def add_locations(session: Session, form: LocationsIn, *, actor: Actor, now: datetime) -> int:
    """Add the lines that are new. Returns how many. Raises NotFound out of scope, Forbidden where the actor only reads,
    Invalid for lines that cannot be read."""
    union = get_union_in_scope(session, form.union, actor)
    if union.level is not Level.ENTERPRISE:
        raise Invalid(fields={"union": "请选择一家企业"})
    if not actor.holds_over(union, MAY_EDIT):
        raise Forbidden
    lines, fault = read_lines(form.lines)
    if fault:
        raise Invalid(fields={"lines": fault})
    same = tuple_(Location.name, Location.whereabouts).in_(lines)
    stored = select(Location.name, Location.whereabouts).where(Location.enterprise_id == union.id, same)
    known = {(row.name, row.whereabouts) for row in session.execute(stored)}
    new = [
        Location(
            id=ids.new_id(), code=new_invite_code(), kind=form.kind, name=name, whereabouts=whereabouts, created_at=now,
            **ancestors_of(union),
        )
        for name, whereabouts in lines
        if (name, whereabouts) not in known
    ]  # fmt: skip
    _keep(session, *new)
    if new:
        record(
            session, "location.added", subject_type="union", subject_id=union.id, actor_id=actor.person_id, at=now,
            detail={"locations": len(new)},
        )  # fmt: skip
    return len(new)


def edit_location(session: Session, location_id: UUID, form: LocationIn, *, actor: Actor, now: datetime) -> Location:
    """Other words; the code on the wall stays good. Raises NotFound, Conflict where somebody was faster."""
    location = _lock(session, location_id, actor, form.version)
    location.name, location.whereabouts = form.name, form.whereabouts
    return _changed(session, location, "location.edited", actor, now)


def set_active(session: Session, location_id: UUID, form: ActiveIn, *, actor: Actor, now: datetime) -> Location:
    """Put a code out of use, or into use again. Raises NotFound, Conflict where somebody was faster."""
    location = _lock(session, location_id, actor, form.version)
    location.is_active = form.active
    return _changed(session, location, "location.activated" if form.active else "location.retired", actor, now)


def _lock(session: Session, location_id: UUID, actor: Actor, version: int) -> Location:
    location = session.scalar(
        select(Location).where(Location.id == location_id, in_scope(actor, Location, MAY_READ)).with_for_update()
    )
    if location is None:
        raise NotFound
    if not actor.holds_over(location, MAY_EDIT):
        raise Forbidden
    if location.version != version:
        raise Conflict("刚刚有别人改过，请刷新后再改。", code="changed_meanwhile")
    return location


def _changed(session: Session, location: Location, action: str, actor: Actor, now: datetime) -> Location:
    location.version += 1
    _keep(session, location)
    record(session, action, subject_type="location", subject_id=location.id, actor_id=actor.person_id, at=now)
    return location


def _keep(session: Session, *locations: Location) -> None:
    try:
        with session.begin_nested():
            session.add_all(locations)
            session.flush()
    except IntegrityError as error:  # uq_locations_once; a code that is taken comes once in 10^11
        raise Conflict(KNOWN, code="known_already") from error
