"""The list of plans, which as a sheet is the 督导计划表."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, func, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    flag_control,
    holds,
    search_control,
    select_control,
    union_control,
)
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.supervision.models import Plan, PlanMode, PlanTeam, PlanUnit
from server.oversight.supervision.permissions import MAY_READ
from server.oversight.supervision.queries import names_now
from server.oversight.supervision.texts import CHIPS, MODE_NAMES, STATUS_NAMES

TABLE = cast(Table, Plan.__table__)


class PlanFilter(DatedFilter):
    """What to show. The days are those on which a plan runs. `mine`: those that name one, whoever made them, and that
    are not over."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    union: UUID | None = None
    mode: PlanMode | None = None
    mine: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    href: str
    title: str
    union_name: str
    mode_name: str
    starts_on: date
    ends_on: date
    teams: int
    units: int
    opened: int
    basis: str
    status_text: str
    chip: str


def _scopes(asked: Request[PlanFilter]) -> list[Scope] | None:
    if asked.filters.mine:
        return None  # a group of another district reads the plan of the city
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[PlanFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = [holds(TABLE.c.title, word) for word in filters.q.split()]
    if filters.mine:
        conditions.append(names_now(asked.actor, asked.now))
    if filters.mode is not None:
        conditions.append(TABLE.c.mode == filters.mode)
    if filters.since is not None:
        conditions.append(TABLE.c.ends_on >= filters.since)
    if filters.until is not None:
        conditions.append(TABLE.c.starts_on <= filters.until)
    return conditions


def _controls(asked: Request[PlanFilter]) -> list[Control]:
    filters = asked.filters
    return [
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        select_control(filters, "mode", "方式", MODE_NAMES),
        *day_controls(filters, "督导的日子"),
        flag_control(filters, "mine", "有我的"),
        search_control(filters, "q", "搜索计划名称"),
    ]


def _describe(asked: Request[PlanFilter], rows: Sequence[Any]) -> list[Row]:
    session, found = asked.session, [row.id for row in rows]
    unions = union_names(session, {row.union_id for row in rows})
    manned = select(PlanTeam.plan_id, func.count()).where(PlanTeam.plan_id.in_(found)).group_by(PlanTeam.plan_id)
    teams = {row[0]: row[1] for row in session.execute(manned)}
    going = select(PlanUnit.plan_id, func.count(), func.count(PlanUnit.opened_at)).where(
        PlanUnit.plan_id.in_(found), PlanUnit.dropped_at.is_(None)
    )
    units = {plan_id: (count, opened) for plan_id, count, opened in session.execute(going.group_by(PlanUnit.plan_id))}
    return [
        Row(
            href=f"/console/supervision/{row.id}", title=row.title, union_name=name_of(unions, row.union_id) or "",
            mode_name=MODE_NAMES[row.mode], starts_on=row.starts_on, ends_on=row.ends_on, teams=teams.get(row.id, 0),
            units=units.get(row.id, (0, 0))[0], opened=units.get(row.id, (0, 0))[1], basis=row.basis,
            status_text=STATUS_NAMES[row.status], chip=CHIPS[row.status],
        )
        for row in rows
    ]  # fmt: skip


PLAN_LIST: Listing[PlanFilter, Row] = Listing(
    name="supervision_plans",
    title="督导计划",
    ledger="督导计划表",
    path="/console/supervision",
    filters=PlanFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("", "全部"),
        *(Tab(each.value, name, ((TABLE.c.status == each,),)) for each, name in STATUS_NAMES.items()),
    ),
    sheet=(
        SheetColumn("计划名称", lambda row: row.title, width=36),
        SheetColumn("制定单位", lambda row: row.union_name, width=24),
        SheetColumn("方式", lambda row: row.mode_name, width=18),
        SheetColumn("开始", lambda row: row.starts_on, CellKind.DAY),
        SheetColumn("结束", lambda row: row.ends_on, CellKind.DAY),
        SheetColumn("组数", lambda row: row.teams, CellKind.WHOLE),
        SheetColumn("受检企业", lambda row: row.units, CellKind.WHOLE, is_summed=True),
        SheetColumn("已安排", lambda row: row.opened, CellKind.WHOLE, is_summed=True),
        SheetColumn("依据", lambda row: row.basis, width=40),
        SheetColumn("状态", lambda row: row.status_text, width=10),
    ),
)
NAMED = todo_of_list("supervision_plans", "{} 个督导计划有您的任务", PLAN_LIST, PlanFilter(mine=True), MAY_READ)
