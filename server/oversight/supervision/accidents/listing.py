"""The register as a list, the latest accident first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, DatedFilter, day_controls, search_control, union_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, area_of, name_of, scopes_of, union_choices, union_names
from server.oversight.supervision.models import Accident
from server.oversight.supervision.permissions import MAY_READ
from server.unions.tree.queries import is_named

TABLE = cast(Table, Accident.__table__)


class AccidentFilter(DatedFilter):
    """Which accidents; the days are those on which they happened."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    id: UUID
    enterprise: str
    area: str
    happened_on: date
    words: str
    source: str
    withdrawn: str


def _scopes(asked: Request[AccidentFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[AccidentFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions: list[ColumnElement[bool]] = []
    conditions += [TABLE.c.happened_on >= filters.since] if filters.since is not None else []
    conditions += [TABLE.c.happened_on <= filters.until] if filters.until is not None else []
    return conditions + is_named(TABLE.c.enterprise_id, filters.q)


def _controls(asked: Request[AccidentFilter]) -> list[Control]:
    return [
        union_control(union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)),
        *day_controls(asked.filters, "发生的日子"), search_control(asked.filters, "q", "搜索企业名称"),
    ]  # fmt: skip


def _describe(asked: Request[AccidentFilter], rows: Sequence[Any]) -> list[Row]:
    ids = {each for row in rows for each in (row.enterprise_id, row.district_id, row.town_id)}
    names = union_names(asked.session, ids)
    return [
        Row(row.id, name_of(names, row.enterprise_id) or "", area_of(names, row), row.happened_on, row.words,
            row.source, row.withdrawn_reason or "")
        for row in rows
    ]  # fmt: skip


ACCIDENTS: Listing[AccidentFilter, Row] = Listing(
    name="supervision_accidents",
    title="事故登记",
    path="/console/supervision/accidents",
    filters=AccidentFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("", "登记的", ((TABLE.c.withdrawn_at.is_(None),),)),
        Tab("withdrawn", "撤掉的", ((TABLE.c.withdrawn_at.is_not(None),),)),
    ),
    sheet=(
        SheetColumn("企业", lambda row: row.enterprise, width=32),
        SheetColumn("区市、镇街", lambda row: row.area, width=24),
        SheetColumn("日期", lambda row: row.happened_on, CellKind.DAY),
        SheetColumn("什么事故", lambda row: row.words, width=28),
        SheetColumn("来源", lambda row: row.source, width=36),
        SheetColumn("为什么撤掉", lambda row: row.withdrawn, width=24),
    ),
)
