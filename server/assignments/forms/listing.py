"""The list of forms: one's own, and those of the unions above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.assignments.forms.models import FormRecord
from server.assignments.forms.permissions import MAY_EDIT
from server.assignments.forms.queries import in_reach, own_unions
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, holds, search_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request
from server.kit.scope import name_of, union_names
from server.kit.use import Use, tabs_of_use

TABLE = cast(Table, FormRecord.__table__)


class FormFilter(ListFilter):
    """What to show."""

    status: Annotated[Line, StringConstraints(max_length=20)] = Use.ACTIVE
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    id: UUID
    href: str
    title: str
    about: str
    union_name: str
    is_own: bool
    field_count: int
    edited_at: datetime


def _narrow(asked: Request[FormFilter]) -> list[ColumnElement[bool]]:
    words = [holds(TABLE.c.title, word) for word in asked.filters.q.split()]
    return [in_reach(asked.actor), TABLE.c.made_for.is_(None), *words]


def _describe(asked: Request[FormFilter], rows: Sequence[Any]) -> list[Row]:
    names, own = union_names(asked.session, {row.union_id for row in rows}), own_unions(asked.actor, MAY_EDIT)
    return [
        Row(
            row.id, f"/console/forms/{row.id}", row.title, row.about, name_of(names, row.union_id) or "",
            row.union_id in own, row.field_count, row.edited_at,
        )
        for row in rows
    ]  # fmt: skip


def _controls(asked: Request[FormFilter]) -> list[Control]:
    return [search_control(asked.filters, "q", "表单名称")]


FORMS: Listing[FormFilter, Row] = Listing(
    name="forms",
    title="表单",
    ledger="表单清单",
    path="/console/forms",
    filters=FormFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=tabs_of_use(TABLE.c.is_active),
    lacks={"days": "a form is looked for by its name", "union": "there are only those of one's own union and above"},
    sheet=(
        SheetColumn("名称", lambda row: row.title, width=40),
        SheetColumn("工会", lambda row: row.union_name, width=28),
        SheetColumn("项数", lambda row: row.field_count, CellKind.WHOLE),
        SheetColumn("用途", lambda row: row.about, width=40),
        SheetColumn("最近修改", lambda row: row.edited_at, CellKind.MOMENT),
    ),
)
