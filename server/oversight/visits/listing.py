"""The list of visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, or_, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    equal,
    flag_control,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, below_chosen, name_of, own_scopes, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.visits.models import Visit, VisitMode, VisitStatus
from server.oversight.visits.permissions import MAY_LEAD, MAY_READ
from server.oversight.visits.queries import WENT, is_member, is_visible
from server.oversight.visits.texts import CHIPS, MODE_NAMES, STATUS_NAMES

TABLE = cast(Table, Visit.__table__)
S = VisitStatus


class View(StrEnum):
    """The tabs."""

    ALL = "all"
    PLANNED = "planned"
    RECORDED = "recorded"
    SENT = "sent"
    CANCELLED = "cancelled"


class VisitFilter(DatedFilter):
    """What to show. `ours`: what one's own unions lead; `mine`: of whose team one is, wherever it goes; `went`: where
    a team has been, by the day on which it was there."""

    status: View = View.ALL
    mode: VisitMode | None = None
    union: UUID | None = None
    ours: bool = False
    mine: bool = False
    went: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    href: str
    occasion: str
    enterprise: str
    organizer: str
    team_name: str
    mode_name: str
    planned: str
    visited_on: date | None
    number: str
    status_text: str
    chip: str


def _scopes(asked: Request[VisitFilter]) -> list[Scope] | None:
    if asked.filters.mine:
        return None  # a team of another district goes where it has no scope
    if asked.filters.ours:
        return own_scopes(asked.actor, "organizer_id")
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[VisitFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = [is_visible(asked.actor), *equal(TABLE, filters, "mode")]
    conditions += [is_member(asked.actor)] if filters.mine else []
    if filters.mine or filters.ours:
        conditions += below_chosen(asked.session, TABLE, asked.actor, MAY_READ, filters.union)
    if filters.went:
        conditions += [TABLE.c.status.in_(WENT), *within_days(TABLE.c.visited_on, filters)]
    else:
        conditions += [TABLE.c.planned_to >= filters.since] if filters.since else []
        conditions += [TABLE.c.planned_from <= filters.until] if filters.until else []
    for word in filters.q.split():
        names = (TABLE.c.occasion, TABLE.c.team_name, TABLE.c.number)
        conditions.append(or_(*(name.icontains(word, autoescape=True) for name in names)))
    return conditions


def _controls(asked: Request[VisitFilter]) -> list[Control]:
    filters = asked.filters
    choices = union_choices(asked.session, asked.actor, MAY_READ, filters.union)
    return [
        union_control(choices), select_control(filters, "mode", "方式", MODE_NAMES), *day_controls(filters, "日期"),
        flag_control(filters, "ours", "本级组织的"), flag_control(filters, "mine", "我参加的"),
        flag_control(filters, "went", "已去过的，按督导日期"), search_control(filters, "q", "主题、组别、编号"),
    ]  # fmt: skip


def say_days(row: Any) -> str:
    """From when to when it is planned."""
    if row.planned_from == row.planned_to:
        return f"{row.planned_from}"
    return f"{row.planned_from} 至 {row.planned_to}"


def _describe(asked: Request[VisitFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {each for row in rows for each in (row.enterprise_id, row.organizer_id)})
    return [
        Row(
            f"/console/visits/{row.id}", row.occasion, name_of(names, row.enterprise_id) or "",
            name_of(names, row.organizer_id) or "", row.team_name, MODE_NAMES[row.mode], say_days(row),
            row.visited_on, row.number or "", STATUS_NAMES[row.status], CHIPS[row.status],
        )
        for row in rows
    ]  # fmt: skip


VISITS: Listing[VisitFilter, Row] = Listing(
    name="visits",
    title="督导",
    path="/console/visits",
    filters=VisitFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab(View.ALL, "全部"),
        *(Tab(each.value, STATUS_NAMES[each], ((TABLE.c.status == each,),)) for each in S),
    ),
    sheet=(
        SheetColumn("单位", lambda row: row.enterprise, width=28),
        SheetColumn("主题", lambda row: row.occasion, width=28),
        SheetColumn("方式", lambda row: row.mode_name, width=16),
        SheetColumn("组织的工会", lambda row: row.organizer, width=24),
        SheetColumn("组别", lambda row: row.team_name, width=12),
        SheetColumn("计划日期", lambda row: row.planned, width=24),
        SheetColumn("督导日期", lambda row: row.visited_on, CellKind.DAY),
        SheetColumn("意见书编号", lambda row: row.number, width=20),
        SheetColumn("状态", lambda row: row.status_text, width=16),
    ),
)
TO_SEND = todo_of_list(
    "visits.send", "{} 次督导已记录，还没有发意见书", VISITS, VisitFilter(status=View.RECORDED, ours=True), MAY_LEAD
)
TO_GO = todo_of_list("visits.go", "{} 次督导要您去", VISITS, VisitFilter(status=View.PLANNED, mine=True), MAY_LEAD)
