"""The hazards of a list's filters, where they were seen: by one statement, whatever their number."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Annotated, Any, cast

from pydantic import Field
from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, or_, select

from server.activities.hazards.maps.clusters import Cluster, Point, cluster_points
from server.activities.hazards.models import BANDS, LATITUDE_BAND, Hazard
from server.core.db import counted
from server.core.geodesy import to_datum
from server.kit.keyset import InOrder
from server.kit.listing import Request, conditions_of
from server.review.queue.listing import QUEUE, TABLE
from server.review.queue.schemas import QueueFilter
from server.review.submissions.models import ARRIVED

MOST = 2000
"""Points that one look at the map puts together: the newest."""
FEW = 6_000
"""Points of a part of the map that are gathered and sorted; of more than that, the list is walked until it is full."""
MARGIN = 0.01  # degrees: more than datums differ
MOST_BANDS = 100  # of latitude that are looked at one by one; of more, all longitudes are
_HAZARDS = cast(Table, Hazard.__table__)
Degrees = Annotated[float, Field(ge=-360, le=360)]


class MapFilter(QueueFilter):
    """The filters of the queue, and the part of the map that is looked at; all of it if left out."""

    west: Degrees | None = None
    south: Degrees | None = None
    east: Degrees | None = None
    north: Degrees | None = None

    def list_query(self) -> str:
        """The same filters for the list."""
        return self.to_query(west=None, south=None, east=None, north=None)


@dataclass(frozen=True, slots=True)
class Places:
    """What a map shows. `box`: west, south, east, north of all of it; None where there is nothing. `is_cut`: there are
    older ones that are not counted."""

    clusters: Sequence[Cluster]
    box: tuple[float, float, float, float] | None
    is_cut: bool


def list_places(asked: Request[MapFilter], datum: str) -> Places:
    """What the map shows, in the datum of its tiles. Raises NotFound for a union outside of the actor's scope."""
    rows = _rows(Request(asked.session, asked.actor, asked.filters, asked.now), asked.filters)
    points = []
    for row in rows[:MOST]:
        latitude, longitude = to_datum(row.latitude, row.longitude, row.datum.value, datum)
        points.append(Point(row.id, latitude, longitude, row.excerpt or row.number))
    if not points:
        return Places([], None, is_cut=False)
    box = (
        min(each.longitude for each in points), min(each.latitude for each in points),
        max(each.longitude for each in points), max(each.latitude for each in points),
    )  # fmt: skip
    return Places(cluster_points(points, _span(asked.filters, box)), box, is_cut=len(rows) > MOST)


def _span(filters: MapFilter, box: tuple[float, float, float, float]) -> float:
    """The longer side of what is looked at, in degrees."""
    sides = ((filters.west, filters.east), (filters.south, filters.north))
    looked = [high - low for low, high in sides if low is not None and high is not None]
    return max(looked or (box[2] - box[0], box[3] - box[1]))


def _rows(asked: Request[QueueFilter], filters: MapFilter) -> Sequence[Any]:
    tab, scopes = QUEUE.tab_of(asked.filters), QUEUE.scopes(asked) if QUEUE.scopes is not None else None
    parts = [part for scope in scopes or () for part in QUEUE.within(scope.column, scope.union_id)]
    if not parts:
        return []
    near = near_places(filters)
    few = asked.session.scalar(counted(near, FEW + 1)) or 0
    place: FromClause = _HAZARDS
    joined: FromClause = TABLE.join(_HAZARDS, _HAZARDS.c.submission_id == TABLE.c.id)
    if few <= FEW:
        place = near.cte("near").prefix_with("MATERIALIZED", dialect="postgresql")
        joined = InOrder(place, TABLE, place.c.submission_id == TABLE.c.id)
    statement = (
        select(TABLE.c.id, TABLE.c.number, TABLE.c.excerpt, *(place.c[name] for name in _PLACE))
        .select_from(joined)
        .where(
            ARRIVED,
            TABLE.c.due_at.is_not(None),
            or_(*(and_(*part) for part in parts)),
            or_(*(and_(True, *piece) for piece in tab.pieces)),
            *tab.where(asked.now),
            *conditions_of(QUEUE, asked),
            *(_within(filters) if place is _HAZARDS else ()),
        )
        .order_by(TABLE.c.id.desc())
        .limit(MOST + 1)
    )
    return asked.session.execute(statement).all()


_PLACE = ("latitude", "longitude", "datum")


def near_places(filters: MapFilter) -> Select[*tuple[Any, ...]]:
    """Hazards within what is looked at, of whomever, off the index of places alone."""
    return select(*(_HAZARDS.c[name] for name in ("submission_id", *_PLACE))).where(
        *_bands(filters), *_within(filters)
    )  # fmt: skip


def _bands(filters: MapFilter) -> list[ColumnElement[bool]]:
    band = LATITUDE_BAND
    lowest = None if filters.south is None else floor((filters.south - MARGIN) * BANDS)
    highest = None if filters.north is None else ceil((filters.north + MARGIN) * BANDS)
    if lowest is not None and highest is not None and highest - lowest < MOST_BANDS:
        return [band.in_([float(number) for number in range(lowest, highest + 1)])]
    above = [] if lowest is None else [band >= float(lowest)]
    return above if highest is None else [*above, band <= float(highest)]


def _within(filters: MapFilter) -> list[ColumnElement[bool]]:
    latitude, longitude = _HAZARDS.c.latitude, _HAZARDS.c.longitude
    conditions: list[ColumnElement[bool]] = [latitude.is_not(None)]
    if filters.west is not None:
        conditions.append(longitude >= filters.west - MARGIN)
    if filters.east is not None:
        conditions.append(longitude <= filters.east + MARGIN)
    if filters.south is not None:
        conditions.append(latitude >= filters.south - MARGIN)
    if filters.north is not None:
        conditions.append(latitude <= filters.north + MARGIN)
    return conditions
