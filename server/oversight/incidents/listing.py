"""The list of incidents, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    equal,
    flag_control,
    holds,
    search_control,
    select_control,
    union_control,
)
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, area_above, name_of, scopes_of, union_choices, union_names
from server.oversight.incidents.models import Incident, IncidentKind
from server.oversight.incidents.permissions import MAY_READ
from server.oversight.incidents.texts import IN_TIME, KIND_NAMES
from server.unions.tree.models import Union

TABLE, UNIONS = cast(Table, Incident.__table__), cast(Table, Union.__table__)


class IncidentFilter(DatedFilter):
    """What to show, and of which days. `late`: what was not in time."""

    status: Annotated[Line, StringConstraints(max_length=20)] = "standing"
    kind: IncidentKind | None = None
    union: UUID | None = None
    late: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    id: UUID
    kind_name: str
    unit: str
    area: str
    happened_on: date
    words: str
    in_time: str
    deaths: int
    injured: int
    source: str
    struck_reason: str


def _scopes(asked: Request[IncidentFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[IncidentFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = equal(TABLE, filters, "kind")
    conditions += [TABLE.c.in_time.is_(False)] if filters.late else []
    conditions += [TABLE.c.happened_on >= filters.since] if filters.since else []
    conditions += [TABLE.c.happened_on <= filters.until] if filters.until else []
    return conditions + [holds(TABLE.c.words, word) for word in filters.q.split()]


def _controls(asked: Request[IncidentFilter]) -> list[Control]:
    filters = asked.filters
    choices = union_choices(asked.session, asked.actor, MAY_READ, filters.union)
    return [
        select_control(filters, "kind", "种类", KIND_NAMES), union_control(choices), *day_controls(filters, "日期"),
        flag_control(filters, "late", "不及时的"), search_control(filters, "q", "搜索情况"),
    ]  # fmt: skip


def _describe(asked: Request[IncidentFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {each for row in rows for each in (row.union_id, row.district_id, row.town_id)})
    return [
        Row(
            row.id, KIND_NAMES[row.kind], name_of(names, row.union_id) or "", area_above(names, row), row.happened_on,
            row.words, IN_TIME[row.in_time], row.deaths, row.injured, row.source, row.struck_reason or "",
        )
        for row in rows
    ]  # fmt: skip


INCIDENTS: Listing[IncidentFilter, Row] = Listing(
    name="incidents",
    title="事故和预警登记",
    ledger="事故和预警登记簿",
    path="/console/incidents",
    filters=IncidentFilter,
    table=TABLE,
    source=select(TABLE, UNIONS.c.level).join(UNIONS, UNIONS.c.id == TABLE.c.union_id),
    order=Order((TABLE.c.happened_on, TABLE.c.id), (date, UUID), descending=True),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("standing", "登记的", ((TABLE.c.struck_at.is_(None),),)),
        Tab("struck", "作废的", ((TABLE.c.struck_at.is_not(None),),)),
    ),
    sheet=(
        SheetColumn("日期", lambda row: row.happened_on, CellKind.DAY),
        SheetColumn("种类", lambda row: row.kind_name, width=8),
        SheetColumn("单位", lambda row: row.unit, width=32),
        SheetColumn("情况", lambda row: row.words, width=50),
        SheetColumn("报告、响应", lambda row: row.in_time, width=10),
        SheetColumn("死亡", lambda row: row.deaths, CellKind.WHOLE, is_summed=True),
        SheetColumn("受伤", lambda row: row.injured, CellKind.WHOLE, is_summed=True),
        SheetColumn("来源", lambda row: row.source, width=30),
        SheetColumn("作废原因", lambda row: row.struck_reason, width=30),
    ),
)
