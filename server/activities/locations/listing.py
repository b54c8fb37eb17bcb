"""The register of locations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.activities.locations.models import Location, LocationKind
from server.activities.locations.permissions import MAY_READ
from server.activities.locations.rules import spell
from server.activities.locations.texts import KIND_NAMES
from server.core.sheets import SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, equal, holds, search_control, select_control, union_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, area_of, name_of, scopes_of, union_choices, union_names
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE = cast(Table, Location.__table__)


class LocationFilter(ListFilter):
    """What to show."""

    status: Annotated[Line, StringConstraints(max_length=20)] = "active"
    kind: LocationKind | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    id: UUID
    href: str
    name: str
    whereabouts: str
    kind_name: str
    enterprise: str
    area: str
    code: str


def _scopes(asked: Request[LocationFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[LocationFilter]) -> list[ColumnElement[bool]]:
    said = [holds(TABLE.c.name, word) | holds(TABLE.c.whereabouts, word) for word in asked.filters.q.split()]
    return [*equal(TABLE, asked.filters, "kind"), *said]


def _controls(asked: Request[LocationFilter]) -> list[Control]:
    filters = asked.filters
    choices = union_choices(asked.session, asked.actor, MAY_READ, filters.union)
    return [
        select_control(filters, "kind", "种类", KIND_NAMES), union_control(choices),
        search_control(filters, "q", "搜索名称、位置"),
    ]  # fmt: skip


def _describe(asked: Request[LocationFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {getattr(row, name) for row in rows for name in ANCESTOR_COLUMNS})
    return [
        Row(
            row.id, f"/console/locations/{row.id}", row.name, row.whereabouts, KIND_NAMES[row.kind],
            name_of(names, row.enterprise_id) or "", area_of(names, row), spell(row.code),
        )
        for row in rows
    ]  # fmt: skip


LOCATIONS: Listing[LocationFilter, Row] = Listing(
    name="locations",
    title="点位码",
    path="/console/locations",
    filters=LocationFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("active", "在用", ((TABLE.c.is_active.is_(True),),)),
        Tab("retired", "已停用", ((TABLE.c.is_active.is_(False),),)),
    ),
    lacks={"days": "nobody asks when a machine was entered"},
    sheet=(
        SheetColumn("名称", lambda row: row.name, width=30),
        SheetColumn("位置", lambda row: row.whereabouts, width=36),
        SheetColumn("种类", lambda row: row.kind_name, width=8),
        SheetColumn("企业", lambda row: row.enterprise, width=32),
        SheetColumn("所在", lambda row: row.area, width=24),
        SheetColumn("点位码", lambda row: row.code, width=12),
    ),
)
