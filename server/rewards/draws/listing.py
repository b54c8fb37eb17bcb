"""The list of draws: which step each has come to, and which wait for one of the actor's own unions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, and_, or_, select

from server.core.clock import day_of
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, holds, search_control, select_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request
from server.kit.scope import Scope
from server.kit.todos import todo_of_list
from server.rewards.draws.models import Draw, DrawStatus
from server.rewards.draws.permissions import PERMISSIONS
from server.rewards.draws.texts import STATUS_WORDS

TABLE = cast(Table, Draw.__table__)


class Step(StrEnum):
    """What a union has to do next."""

    FREEZE = "freeze"
    ENTER = "enter"
    CONFIRM = "confirm"


STEP_TEXTS = {Step.FREEZE: "等定名单", Step.ENTER: "等录公开数值", Step.CONFIRM: "等我核对数值"}


class DrawFilter(ListFilter):
    """What to show."""

    step: Step | None = None
    q: Annotated[Line, StringConstraints(max_length=50)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    href: str
    name: str
    status_text: str
    closes_at: datetime
    due_on: date


def _narrow(asked: Request[DrawFilter]) -> list[ColumnElement[bool]]:
    named = [holds(TABLE.c.name, word) for word in asked.filters.q.split()]
    return [*_waiting(asked), *named]


def _waiting(asked: Request[DrawFilter]) -> list[ColumnElement[bool]]:
    match asked.filters.step:
        case Step.FREEZE:  # the clock does it, unless flagged attempts are in the way
            return [TABLE.c.status == DrawStatus.COMMITTED, TABLE.c.closes_at <= asked.now]
        case Step.ENTER:
            today = day_of(asked.now)
            is_out = or_(and_(TABLE.c.missing_at.is_(None), TABLE.c.due_on <= today), TABLE.c.fallback_on <= today)
            return [TABLE.c.status == DrawStatus.FROZEN, is_out]
        case Step.CONFIRM:  # nobody confirms what they entered
            return [TABLE.c.status == DrawStatus.VALUED, TABLE.c.entered_by_id.not_in(asked.actor.own_ids)]
    return []


def _controls(asked: Request[DrawFilter]) -> list[Control]:
    return [
        select_control(asked.filters, "step", "等我办的", STEP_TEXTS),
        search_control(asked.filters, "q", "抽奖的名称"),
    ]


def _describe(_asked: Request[DrawFilter], rows: Sequence[Any]) -> list[Row]:
    return [
        Row(f"/console/prizes/{row.pool_id}/draw", row.name, STATUS_WORDS[row.status], row.closes_at, row.due_on)
        for row in rows
    ]


def _scopes(asked: Request[DrawFilter]) -> list[Scope]:
    own: set[UUID] = {role_at.union_id for role_at in asked.actor.roles}
    return [Scope("union_id", union_id) for union_id in own]


LIST: Listing[DrawFilter, Row] = Listing(
    name="draws",
    title="抽奖",
    path="/console/prizes/draws",
    filters=DrawFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    lacks={"days": "一场竞赛抽一次，没有几次抽奖", "union": "抽奖由市总工会统一办"},
)
TODOS = tuple(
    todo_of_list(f"draw_{step}", words, LIST, DrawFilter(step=step), PERMISSIONS["draw.manage"])
    for step, words in (
        (Step.FREEZE, "{} 个抽奖等定名单"),
        (Step.ENTER, "{} 个抽奖等录公开数值"),
        (Step.CONFIRM, "{} 个抽奖的公开数值等另一人核对"),
    )
)
