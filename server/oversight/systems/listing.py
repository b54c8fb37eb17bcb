"""The list of systems at enterprises: who has which, and who lacks what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, exists, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.enterprises import EnterpriseFilter, enterprise_conditions
from server.kit.filters import (
    Control,
    day_controls,
    equal,
    flag_control,
    select_control,
    text_control,
    union_control,
    within_days,
)
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.panels import Line as PanelLine
from server.kit.panels import UnionPanel, panel_of_list
from server.kit.scope import Scope, area_of, below_chosen, name_of, own_scopes, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.systems.models import IN_PLACE, HeldStatus, HeldSystem, SafetySystem
from server.oversight.systems.permissions import MAY_CHECK, MAY_READ
from server.oversight.systems.texts import CHIPS, STATUS_NAMES
from server.unions.roles import Role
from server.unions.tree.lookup.flags import FLAG_TEXTS
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE, SYSTEMS = cast(Table, HeldSystem.__table__), cast(Table, SafetySystem.__table__)
DUE = "due"


class HeldFilter(EnterpriseFilter):
    """Which systems of which enterprises. `mine`: those that one's own unions look at."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    system_id: UUID | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A system at an enterprise."""

    href: str
    enterprise: str
    area: str
    system: str
    title: str
    adopted_on: date | None
    reviewed_on: date | None
    next_review_on: date | None
    is_late: bool
    status_text: str
    chip: str
    note: str


def _scopes(asked: Request[HeldFilter]) -> list[Scope]:
    if asked.filters.mine:
        return own_scopes(asked.actor, "checker_id")
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[HeldFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    asked_about = select(SYSTEMS.c.id).where(SYSTEMS.c.is_asked.is_(True))
    conditions: list[ColumnElement[bool]] = [
        TABLE.c.system_id.in_(asked_about),
        exists(select(Union.id).where(Union.id == TABLE.c.enterprise_id, Union.is_active.is_(True))),
    ]
    if filters.mine:
        conditions += below_chosen(asked.session, TABLE, asked.actor, MAY_READ, filters.union)
    conditions += equal(TABLE, filters, "system_id") + within_days(TABLE.c.updated_at, filters)
    return conditions + enterprise_conditions(asked.session, TABLE, filters)


def _controls(asked: Request[HeldFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "system_id", "制度", _system_names(asked.session)),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        text_control(filters, "industry", "行业"),
        *day_controls(filters, "更新"),
        *(flag_control(filters, flag, text) for flag, text in FLAG_TEXTS.items()),
        flag_control(filters, "mine", "等我核对的"),
    ]


def _system_names(session: Session) -> dict[UUID, str]:
    rows = session.execute(
        select(SafetySystem.id, SafetySystem.name)
        .where(SafetySystem.is_asked.is_(True))
        .order_by(SafetySystem.position, SafetySystem.id)
    )
    return {row.id: row.name for row in rows}


def _describe(asked: Request[HeldFilter], rows: Sequence[Any]) -> list[HeldRow]:
    names = union_names(asked.session, {getattr(row, name) for row in rows for name in ANCESTOR_COLUMNS})
    systems, today = _system_names(asked.session), day_of(asked.now)
    return [
        HeldRow(
            f"/console/systems/enterprises/{row.enterprise_id}#held-{row.id}", name_of(names, row.enterprise_id) or "",
            area_of(names, row), systems.get(row.system_id, ""), row.title, row.adopted_on, row.reviewed_on,
            row.next_review_on, row.next_review_on is not None and row.next_review_on < today,
            STATUS_NAMES[row.status], CHIPS[row.status], row.reason or row.note,
        )
        for row in rows
    ]  # fmt: skip


HELD_SYSTEMS: Listing[HeldFilter, HeldRow] = Listing(
    name="held_systems",
    title="企业安全制度",
    path="/console/systems/list",
    filters=HeldFilter,
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
        Tab(
            DUE, "到期没有评审", tuple(((TABLE.c.status == each),) for each in IN_PLACE),
            where=lambda now: (TABLE.c.review_due_at < now,), is_alert=True,
        ),
    ),
    lacks={"search": "an enterprise is found by the choice of a union, a system by its name"},
    sheet=(
        SheetColumn("企业", lambda row: row.enterprise, width=32),
        SheetColumn("所在", lambda row: row.area, width=24),
        SheetColumn("制度", lambda row: row.system, width=30),
        SheetColumn("状态", lambda row: row.status_text, width=12),
        SheetColumn("文件名称", lambda row: row.title, width=36),
        SheetColumn("发布日期", lambda row: row.adopted_on, CellKind.DAY),
        SheetColumn("上次评审", lambda row: row.reviewed_on, CellKind.DAY),
        SheetColumn("下次评审", lambda row: row.next_review_on, CellKind.DAY),
        SheetColumn("说明", lambda row: row.note, width=36),
    ),
)  # fmt: skip

OWN = {Role.ENTERPRISE_REVIEWER}
TODOS = (
    todo_of_list(
        "systems_to_check", "{} 项企业安全制度等核对", HELD_SYSTEMS, HeldFilter(status=HeldStatus.STATED, mine=True),
        MAY_CHECK,
    ),
    todo_of_list(
        "systems_unstated", "{} 项安全制度还没有填", HELD_SYSTEMS, HeldFilter(status=HeldStatus.UNSTATED), OWN
    ),
    todo_of_list(
        "systems_returned", "{} 项安全制度被退回", HELD_SYSTEMS, HeldFilter(status=HeldStatus.RETURNED), OWN
    ),
    todo_of_list("systems_due", "{} 项安全制度到期没有评审", HELD_SYSTEMS, HeldFilter(status=DUE), OWN),
)  # fmt: skip


def _line(row: HeldRow) -> PanelLine:
    return PanelLine(text=row.system, href=row.href, note=row.title, status=row.status_text, chip=row.chip)


UNION_PANEL = UnionPanel(
    title="安全制度",
    position=64,
    permission="system.read",
    read=panel_of_list(
        HELD_SYSTEMS, _line, tabs=("unstated", "absent", "stated", "checked"), shown={"status": "absent"}
    ),
)
