"""The list of draws: which step each has come to, and which wait for one of the actor's own unions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.clock import day_of
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, search_control, select_control, union_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request
from server.kit.scope import Scope, name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.supervision.models import Draw, DrawStatus, Plan, PlanStatus
from server.oversight.supervision.permissions import MAY_LEAD, MAY_READ
from server.oversight.supervision.queries import OPEN
from server.oversight.supervision.texts import DRAW_STATUS_NAMES

TABLE = cast(Table, Draw.__table__)


class DrawStep(StrEnum):
    """What a union has to do next."""

    FREEZE = "freeze"
    VALUE = "value"
    CONFIRM = "confirm"
    CANCEL = "cancel"


STEP_NAMES = {
    DrawStep.FREEZE: "等定名单", DrawStep.VALUE: "等录公开数值", DrawStep.CONFIRM: "等另一位核对数值",
    DrawStep.CANCEL: "等另一位定作废",
}  # fmt: skip


class DrawFilter(ListFilter):
    """What to show."""

    step: DrawStep | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    href: str
    title: str
    union_name: str
    status_text: str
    due_on: date
    frame_hash: str


def _scopes(asked: Request[DrawFilter]) -> list[Scope]:
    """What waits, waits for the actor's own unions alone; a union above may be the second person, too."""
    if asked.filters.step in (DrawStep.FREEZE, DrawStep.VALUE):
        own = {each.union_id for each in asked.actor.roles if each.role in MAY_LEAD}
        return [Scope("union_id", each) for each in sorted(own)]
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[DrawFilter]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    match asked.filters.step:
        case DrawStep.FREEZE:
            is_open = Plan.status.in_((PlanStatus.DRAFT, *OPEN))
            conditions += [TABLE.c.status == DrawStatus.PREPARING, TABLE.c.plan_id.in_(select(Plan.id).where(is_open))]
        case DrawStep.VALUE:
            conditions += [TABLE.c.status == DrawStatus.FROZEN, TABLE.c.due_on <= day_of(asked.now)]
        case DrawStep.CONFIRM:
            conditions.append(TABLE.c.status == DrawStatus.VALUED)
            conditions.append(TABLE.c.entered_by_id.not_in(asked.actor.own_ids))
        case DrawStep.CANCEL:
            conditions += [TABLE.c.cancel_asked_at.is_not(None), TABLE.c.status != DrawStatus.CANCELLED]
            conditions.append(TABLE.c.cancel_asked_by_id.not_in(asked.actor.own_ids))
    if words := asked.filters.q.split():
        named = [Plan.title.icontains(word, autoescape=True) for word in words]
        conditions.append(TABLE.c.plan_id.in_(select(Plan.id).where(*named)))
    return conditions


def _controls(asked: Request[DrawFilter]) -> list[Control]:
    return [
        union_control(union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)),
        select_control(asked.filters, "step", "等我办的", STEP_NAMES),
        search_control(asked.filters, "q", "搜索计划名称"),
    ]


def _describe(asked: Request[DrawFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {row.union_id for row in rows})
    titles = select(Plan.id, Plan.title).where(Plan.id.in_({row.plan_id for row in rows}))
    plans = {row.id: row.title for row in asked.session.execute(titles)}
    return [
        Row(f"/console/supervision/draws/{row.id}", plans[row.plan_id], name_of(names, row.union_id) or "",
            DRAW_STATUS_NAMES[row.status], row.due_on, row.frame_hash or "")
        for row in rows
    ]  # fmt: skip


COLUMNS = ("id", "plan_id", "union_id", "status", "due_on", "frame_hash", "city_id", "district_id", "town_id")
DRAW_LIST: Listing[DrawFilter, Row] = Listing(
    name="supervision_draws",
    title="督导抽取",
    path="/console/supervision/draws",
    filters=DrawFilter,
    table=TABLE,
    source=select(*(TABLE.c[name] for name in COLUMNS)),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    lacks={"days": "一个计划抽一两次，没有几次"},
)
TODOS = (
    todo_of_list(
        "supervision_draws", "{} 次督导抽取还没有定名单", DRAW_LIST, DrawFilter(step=DrawStep.FREEZE), MAY_LEAD
    ),
    todo_of_list(
        "supervision_values", "{} 次督导抽取等录公开数值", DRAW_LIST, DrawFilter(step=DrawStep.VALUE), MAY_LEAD
    ),
    todo_of_list(
        "supervision_confirms", "{} 次督导抽取等您核对公开数值", DRAW_LIST, DrawFilter(step=DrawStep.CONFIRM), MAY_LEAD
    ),
    todo_of_list(
        "supervision_cancels", "{} 次督导抽取申请作废，等您来定", DRAW_LIST, DrawFilter(step=DrawStep.CANCEL), MAY_LEAD
    ),
)
