"""The list of stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, holds, search_control, union_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, area_of, name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.publicity.stories.models import Story
from server.publicity.stories.permissions import MAY_READ
from server.publicity.stories.texts import REACH_NAMES, STATUS_NAMES
from server.unions.roles import Role
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE = cast(Table, Story.__table__)


class StoryFilter(ListFilter):
    """What to show."""

    status: Annotated[Line, StringConstraints(max_length=20)] = "offered"
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One line."""

    id: UUID
    href: str
    title: str
    enterprise: str
    area: str
    consented: str
    consented_on: date
    status_text: str


def _scopes(asked: Request[StoryFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[StoryFilter]) -> list[ColumnElement[bool]]:
    return [holds(TABLE.c.title, word) for word in asked.filters.q.split()]


def _controls(asked: Request[StoryFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [union_control(choices), search_control(asked.filters, "q", "搜索标题")]


def _describe(asked: Request[StoryFilter], rows: Sequence[Any]) -> list[StoryRow]:
    names = union_names(asked.session, {getattr(row, name) for row in rows for name in ANCESTOR_COLUMNS})
    return [
        StoryRow(
            row.id, f"/console/stories/{row.id}", row.title, name_of(names, row.enterprise_id) or "",
            area_of(names, row), REACH_NAMES[row.consented], row.consented_on, STATUS_NAMES[row.status],
        )
        for row in rows
    ]  # fmt: skip


LIST: Listing[StoryFilter, StoryRow] = Listing(
    name="stories",
    title="整改案例",
    path="/console/stories",
    filters=StoryFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=tuple(Tab(each.value, name, ((TABLE.c.status == each,),)) for each, name in STATUS_NAMES.items()),
    lacks={"days": "there are few; tabs tell what waits from what is shown"},
    sheet=(
        SheetColumn("标题", lambda row: row.title, width=40),
        SheetColumn("企业", lambda row: row.enterprise, width=30),
        SheetColumn("所在", lambda row: row.area, width=24),
        SheetColumn("上报人同意给谁看", lambda row: row.consented, width=18),
        SheetColumn("同意日期", lambda row: row.consented_on, CellKind.DAY),
        SheetColumn("状态", lambda row: row.status_text, width=12),
    ),
)

# The enterprise's own: levels above show what they choose to.
OFFERED = todo_of_list(
    "stories", "{} 条整改，上报人同意公开", LIST, StoryFilter(), frozenset({Role.ENTERPRISE_REVIEWER})
)
