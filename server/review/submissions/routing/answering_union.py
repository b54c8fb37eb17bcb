"""Which union answers for a submission, and the ancestors that its row carries."""

from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from server.core.db import read_ahead
from server.core.errors import Invalid
from server.core.prepared import Prepared
from server.core.ttl_cache import TtlCache
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import find_place_union

NO_SUCH_ENTERPRISE = "没有找到这家企业，请重新选择。"
NO_SUCH_AREA = "没有找到这个区市或镇街，请重新选择。"

_TABLE = cast(Table, Union.__table__)
_C = _TABLE.c
_ROUTE = (_C.id, _C.name, _C.city_id, _C.district_id, _C.town_id, _C.enterprise_id)
_UNION = Prepared(  # part of nearly every report
    select(_C.level, *_ROUTE).where(_C.id == bindparam("union_id"), _C.is_active, _C.city_id.is_not(None))
)


@dataclass(frozen=True, slots=True)
class Route:
    """The union that has to answer, and its ancestors (itself included) as the submission's scope."""

    union_id: UUID
    union_name: str
    city_id: UUID
    district_id: UUID | None
    town_id: UUID | None
    enterprise_id: UUID | None
    past: str | None = None  # the enterprise whose union is not to see it

    @property
    def enterprise_name(self) -> str | None:
        """The name of the enterprise that it is about, None when there is none."""
        return self.past or (self.union_name if self.enterprise_id == self.union_id else None)


_RECENT: TtlCache[UUID, tuple[Level, Route] | None] = TtlCache()


def find_route(session: Session, *, enterprise_id: UUID | None, area_id: UUID | None, place: str) -> Route:
    """The enterprise's union; else the town's or district's, by id or by what the place text names; else the city's.

    Raises Invalid naming the field when the enterprise or area does not exist or is closed.
    """
    if enterprise_id is not None:
        return _named(session, enterprise_id, {Level.ENTERPRISE}, "enterprise_id", NO_SUCH_ENTERPRISE)
    if area_id is not None:
        return _named(session, area_id, {Level.DISTRICT, Level.TOWN}, "area_id", NO_SUCH_AREA)
    union = find_place_union(session, place=place)
    return Route(union.id, union.name, union.city_id or union.id, union.district_id, union.town_id, union.enterprise_id)


def find_route_past(session: Session, enterprise_id: UUID) -> Route:
    """The union above an enterprise, for what its own union is not to see. Raises Invalid like `find_route`."""
    around = _named(session, enterprise_id, {Level.ENTERPRISE}, "enterprise_id", NO_SUCH_ENTERPRISE)
    above = around.town_id or around.district_id or around.city_id
    route = _named(session, above, {Level.TOWN, Level.DISTRICT, Level.CITY}, "enterprise_id", NO_SUCH_ENTERPRISE)
    return replace(route, past=around.union_name)


def _named(session: Session, union_id: UUID, levels: set[Level], field: str, message: str) -> Route:
    found = _RECENT.get(session, union_id, lambda: _find(session, union_id))
    if found is None or found[0] not in levels:
        raise Invalid(message, fields={field: message})
    return found[1]


def _find(session: Session, union_id: UUID) -> tuple[Level, Route] | None:
    rows = read_ahead(session, _UNION, {"union_id": union_id})
    return (rows[0][0], Route(*rows[0][1:])) if rows else None
