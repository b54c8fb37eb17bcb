"""The list of complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import Table, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, flag_control, union_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, below_chosen, name_of, own_scopes, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.publicity.complaints.models import Complaint
from server.publicity.complaints.permissions import MAY_DECIDE, MAY_READ
from server.publicity.complaints.queries import GONE, count_complainants, name_subjects
from server.publicity.complaints.texts import REASON_NAMES, STATUS_NAMES
from server.publicity.complaints.workflow import published_as

TABLE = cast(Table, Complaint.__table__)


class ComplaintFilter(ListFilter):
    """What to show. `own`: what the actor's own unions answer for."""

    status: Annotated[Line, StringConstraints(max_length=20)] = "open"
    own: bool = False
    union: UUID | None = None


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """One line."""

    id: UUID
    href: str
    what: str
    label: str
    reasons: str
    count: int
    union_name: str
    made_on: date
    status_text: str


def _scopes(asked: Request[ComplaintFilter]) -> list[Scope]:
    if asked.filters.own:
        return own_scopes(asked.actor, "union_id")
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[ComplaintFilter]) -> list[Any]:
    chosen = asked.filters.union if asked.filters.own else None
    return below_chosen(asked.session, TABLE, asked.actor, MAY_READ, chosen)


def _controls(asked: Request[ComplaintFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [union_control(choices), flag_control(asked.filters, "own", "由本级处理的")]


def _describe(asked: Request[ComplaintFilter], rows: Sequence[Any]) -> list[ComplaintRow]:
    unions = union_names(asked.session, {row.union_id for row in rows})
    names = name_subjects(asked.session, rows)
    counts = count_complainants(asked.session, [row.id for row in rows])
    return [
        ComplaintRow(
            row.id, f"/console/complaints/{row.id}", names.get((row.subject, row.subject_id), GONE),
            published_as(row.subject).label, "；".join(REASON_NAMES[each] for each in counts[row.id]),
            sum(counts[row.id].values()), name_of(unions, row.union_id) or "", row.made_on, STATUS_NAMES[row.status],
        )
        for row in rows
    ]  # fmt: skip


LIST: Listing[ComplaintFilter, ComplaintRow] = Listing(
    name="complaints",
    title="举报",
    path="/console/complaints",
    filters=ComplaintFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=tuple(Tab(each.value, name, ((TABLE.c.status == each,),)) for each, name in STATUS_NAMES.items()),
    lacks={
        "search": "it holds no words of what it is about",
        "days": "there are few; tabs tell what waits from what is decided",
    },
    sheet=(
        SheetColumn("举报的是", lambda row: row.what, width=40),
        SheetColumn("种类", lambda row: row.label, width=18),
        SheetColumn("理由", lambda row: row.reasons, width=40),
        SheetColumn("人数", lambda row: row.count, CellKind.NUMBER),
        SheetColumn("由谁处理", lambda row: row.union_name, width=30),
        SheetColumn("最早举报", lambda row: row.made_on, CellKind.DAY),
        SheetColumn("状态", lambda row: row.status_text, width=12),
    ),
)

WAITING = todo_of_list("complaints", "{} 件举报要处理", LIST, ComplaintFilter(own=True), MAY_DECIDE)
