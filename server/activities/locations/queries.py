"""Reads of locations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from server.activities.locations.models import Location
from server.activities.locations.permissions import MAY_READ
from server.activities.locations.rules import place_text
from server.activities.locations.schemas import LocatedOut, LocationOut, LocationPage, LocationQuery
from server.core.errors import NotFound
from server.core.web import cursors
from server.kit.filters import holds
from server.unions.actor import Actor, in_scope
from server.unions.tree.lookup.invites import normalise_invite_code
from server.unions.tree.models import Union
from server.unions.tree.queries import find_area_text
from server.unions.tree.rules import is_small
from server.unions.tree.schemas import EnterpriseOut


def get_location(session: Session, location_id: UUID, actor: Actor) -> Location:
    """A location within the actor's subtrees. Raises NotFound."""
    location = session.scalar(select(Location).where(Location.id == location_id, in_scope(actor, Location, MAY_READ)))
    if location is None:
        raise NotFound
    return location


def list_some(session: Session, location_ids: Sequence[UUID], actor: Actor) -> list[tuple[Location, str]]:
    """Those of the locations that the actor may see, with their enterprises' names, as they are printed."""
    rows = session.execute(
        select(Location, Union.name)
        .join(Union, Union.id == Location.enterprise_id)
        .where(Location.id.in_(location_ids), in_scope(actor, Location, MAY_READ))
        .order_by(Union.name, Location.whereabouts, Location.name, Location.id)
    )
    return [(location, name) for location, name in rows]


def open_code(session: Session, code: str) -> LocatedOut:
    """What a scanned or typed code stands for. Raises NotFound."""
    location = session.scalar(select(Location).where(Location.code == normalise_invite_code(code)))
    union = session.get(Union, location.enterprise_id) if location is not None else None
    if location is None or union is None or not union.is_active:
        raise NotFound("没有这个点位码，请核对后再试，或者自己写明地点。", code="location_unknown")
    enterprise = EnterpriseOut(
        id=union.id,
        name=union.name,
        area=find_area_text(session, union),
        is_small=is_small(union.headcount, union.size),
    )
    return LocatedOut(**_said(location), enterprise=enterprise, is_active=location.is_active)


def find_location_at(session: Session, code: str, enterprise_id: UUID) -> UUID | None:
    """The location of that enterprise on which the code hangs, in use or not."""
    at = (Location.code == normalise_invite_code(code), Location.enterprise_id == enterprise_id)
    return session.scalar(select(Location.id).where(*at))


def list_own(session: Session, enterprise_id: UUID, query: LocationQuery, actor: Actor) -> LocationPage:
    """The locations of the enterprise that somebody belongs to, by name. Raises NotFound for another's: what equipment
    it has is nobody else's business, whoever stands before it scans its code."""
    if actor.enterprise_id != enterprise_id:
        raise NotFound
    key = (Location.whereabouts, Location.name, Location.id)
    found = select(Location).where(Location.enterprise_id == enterprise_id, Location.is_active.is_(True))
    for word in query.q.split():
        found = found.where(holds(Location.name, word) | holds(Location.whereabouts, word))
    if query.after:
        found = found.where(tuple_(*key) > tuple_(*cursors.decode(query.after, str, str, UUID)))
    rows = session.scalars(found.order_by(*key).limit(query.limit + 1)).all()
    shown, last = rows[: query.limit], rows[query.limit - 1] if len(rows) > query.limit else None
    following = cursors.encode(last.whereabouts, last.name, last.id) if last else None
    return LocationPage(items=[LocationOut(**_said(each)) for each in shown], next=following)


def _said(location: Location) -> dict[str, object]:
    place = place_text(location.name, location.whereabouts)
    return {"code": location.code, "kind": location.kind, "name": location.name, "place": place}
