"""The list of plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, func, or_, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.enterprise_sheets import ENTERPRISE
from server.kit.enterprises import OwnFilter, own_conditions, own_controls, own_or_below
from server.kit.filters import Control, equal, search_control, select_control, within_days
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.panels import Line as PanelLine
from server.kit.panels import UnionPanel, panel_of_list
from server.kit.scope import (
    UnionName,
    area_of,
    name_of,
    union_names,
)
from server.kit.todos import todo_of_list
from server.oversight.drills.models import EmergencyPlan, PlanKind
from server.oversight.drills.permissions import MAY_KEEP, MAY_READ
from server.oversight.drills.texts import PLAN_NAMES
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

PLANS = cast(Table, EmergencyPlan.__table__)
STANDS = PLANS.c.ended_at.is_(None)
STANDING, REVISE, REVIEW, UNFILED, ENDED = "standing", "revise", "review", "unfiled", "ended"


class PlanFilter(OwnFilter):
    """Which plans of which enterprises."""

    status: Annotated[Line, StringConstraints(max_length=20)] = STANDING
    kind: PlanKind | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in the list."""

    href: str
    enterprise: str
    known_as: str  # of the enterprise in the sheet: its number where others are called the same
    area: str
    kind_name: str
    name: str
    accident: str
    edition: str
    drawn_up_on: date
    filed_with: str
    filed_on: date | None
    revised_on: date | None
    next_review_on: date | None
    tried_on: date | None
    revise_since: date | None
    is_review_late: bool
    ended_reason: str


def _narrow(asked: Request[PlanFilter]) -> list[ColumnElement[bool]]:
    filters, said = asked.filters, (PLANS.c.name, PLANS.c.accident, PLANS.c.filed_with)
    return [
        *equal(PLANS, filters, "kind"), *within_days(PLANS.c.updated_at, filters),
        *own_conditions(asked, PLANS, MAY_READ),
        *(or_(*(column.icontains(word, autoescape=True) for column in said)) for word in filters.q.split()),
    ]  # fmt: skip


def _controls(asked: Request[PlanFilter]) -> list[Control]:
    return [
        select_control(asked.filters, "kind", "种类", PLAN_NAMES),
        *own_controls(asked, "更新", MAY_READ),
        search_control(asked.filters, "q", "搜索名称、事故、备案部门"),
    ]


def _describe(asked: Request[PlanFilter], rows: Sequence[Any]) -> list[PlanLine]:
    names = union_names(asked.session, {getattr(row, name) for row in rows for name in ANCESTOR_COLUMNS})
    numbers = _numbers(asked.session, names, {row.enterprise_id for row in rows})
    today = day_of(asked.now)
    return [
        PlanLine(
            href=f"/console/drills/plans/{row.id}", enterprise=name_of(names, row.enterprise_id) or "",
            known_as=numbers.get(row.enterprise_id) or name_of(names, row.enterprise_id) or "",
            area=area_of(names, row), kind_name=PLAN_NAMES[row.kind],
            is_review_late=row.next_review_on is not None and row.next_review_on < today,
            **{
                name: getattr(row, name)
                for name in (
                    "name", "accident", "edition", "drawn_up_on", "filed_with", "filed_on", "revised_on",
                    "next_review_on", "tried_on", "revise_since", "ended_reason",
                )
            },
        )
        for row in rows
    ]  # fmt: skip


def _numbers(session: Session, names: Mapping[UUID, UnionName], enterprises: set[UUID]) -> dict[UUID, str]:
    """The numbers of those whose name another enterprise has too: a sheet could not tell them apart."""
    said = {name_of(names, each) for each in enterprises}
    shared = (
        select(Union.name)
        .where(Union.name.in_(said), Union.level == Level.ENTERPRISE)
        .group_by(Union.name)
        .having(func.count() > 1)
    )
    rows = session.execute(select(Union.id, Union.code).where(Union.id.in_(enterprises), Union.name.in_(shared)))
    return {row.id: row.code or "" for row in rows}


# The heads of the sheet that comes in, in its order: a test sends the ledger back.
SHEET_COLUMNS: tuple[SheetColumn[PlanLine], ...] = (
    SheetColumn(ENTERPRISE.heading, lambda row: row.known_as, width=32),
    SheetColumn("预案种类", lambda row: row.kind_name, width=16),
    SheetColumn("预案名称", lambda row: row.name, width=36),
    SheetColumn("针对的事故", lambda row: row.accident, width=20),
    SheetColumn("版本", lambda row: row.edition, width=16),
    SheetColumn("编制日期", lambda row: row.drawn_up_on, CellKind.DAY),
    SheetColumn("备案部门", lambda row: row.filed_with, width=24),
    SheetColumn("备案日期", lambda row: row.filed_on, CellKind.DAY),
    SheetColumn("修订日期", lambda row: row.revised_on, CellKind.DAY),
    SheetColumn("下次评审", lambda row: row.next_review_on, CellKind.DAY),
    SheetColumn("以前演练", lambda row: row.tried_on, CellKind.DAY),
)

PLAN_LIST: Listing[PlanFilter, PlanLine] = Listing(
    name="emergency_plans",
    title="应急预案",
    ledger="应急预案登记簿",
    path="/console/drills/plans",
    filters=PlanFilter,
    table=PLANS,
    source=select(PLANS),
    order=newest_first(PLANS.c.id),
    scopes=own_or_below("enterprise_id", MAY_READ),
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab(STANDING, "在用的", ((STANDS,),)),
        Tab(REVISE, "等修订", ((STANDS, PLANS.c.revise_since.is_not(None)),), is_alert=True),
        Tab(REVIEW, "到期没有评审", ((STANDS,),), where=lambda now: (PLANS.c.review_due_at < now,), is_alert=True),
        Tab(UNFILED, "没有备案", ((STANDS, PLANS.c.filed_on.is_(None)),)),
        Tab(ENDED, "停用的", ((PLANS.c.ended_at.is_not(None),),)),
    ),
    sheet=SHEET_COLUMNS,
)
TODOS = (
    todo_of_list(
        "plans.revise", "{} 份预案演练后要修订，还没有登记修订日期", PLAN_LIST, PlanFilter(status=REVISE, mine=True),
        MAY_KEEP,
    ),
    todo_of_list(
        "plans.review", "{} 份应急预案到期没有评审", PLAN_LIST, PlanFilter(status=REVIEW, mine=True), MAY_KEEP
    ),
)  # fmt: skip


def _panel_line(row: PlanLine) -> PanelLine:
    status = "等修订" if row.revise_since else "到期没有评审" if row.is_review_late else ""
    return PanelLine(text=row.name, href=row.href, note=row.kind_name, status=status, chip="danger")


UNION_PANEL = UnionPanel(
    title="应急预案",
    position=63,
    permission="drill.read",
    read=panel_of_list(PLAN_LIST, _panel_line, tabs=(STANDING, REVISE), shown={"status": STANDING}),
)
