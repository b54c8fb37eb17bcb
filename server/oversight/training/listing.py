"""The list of sessions: those that unions of somebody's subtrees hold, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
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
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.numbers.actions import read_number
from server.kit.scope import Names, Scope, below_chosen, name_of, own_scopes, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.training.models import DRILLS, HELD, SessionKind, SessionStatus, TrainingSession
from server.oversight.training.permissions import MAY_LEAD, MAY_READ, MAY_REVIEW
from server.oversight.training.texts import CHIPS, KIND_NAMES, STATUS_NAMES

TABLE = cast(Table, TrainingSession.__table__)
LETTER = "P"


class What(StrEnum):
    """Lessons of any kind, or drills."""

    LESSONS = "lessons"
    DRILLS = "drills"


WHAT_NAMES = {What.LESSONS: "培训", What.DRILLS: "演练"}


class TrainingFilter(DatedFilter):
    """What to show, and of which days."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    kind: SessionKind | None = None
    what: What | None = None
    union: UUID | None = None
    own: bool = False  # those that the actor's own unions hold
    held: bool = False  # those that took place
    to_review: bool = False  # those that others handed in
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One line, of this list or of another of sessions."""

    href: str
    number: str
    title: str
    kind_name: str
    organiser: str
    venue: str
    starts_at: datetime
    hours: Decimal
    status_text: str
    chip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(SessionRow):
    """One line of this list."""

    trainer: str
    is_drill: bool


def _scopes(asked: Request[TrainingFilter]) -> list[Scope]:
    """What one's own unions have to do is found by who holds it, not row by row."""
    if asked.filters.own:
        return own_scopes(asked.actor, "organiser_id")
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[TrainingFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = equal(TABLE, filters, "kind") + within_days(TABLE.c.starts_at, filters)
    conditions += [TABLE.c.status.in_(HELD)] if filters.held else []
    if filters.what is not None:
        is_drill = TABLE.c.kind.in_(DRILLS)
        conditions.append(is_drill if filters.what is What.DRILLS else ~is_drill)
    if filters.own:
        conditions += below_chosen(asked.session, TABLE, asked.actor, MAY_READ, filters.union)
    if filters.to_review:
        conditions += _to_review(asked)
    return conditions + called(filters.q)


def called(q: str) -> list[ColumnElement[bool]]:
    """Sessions that have each of the words somewhere in their names, or as their number."""
    names = TABLE.c.title, TABLE.c.theme, TABLE.c.venue
    return [or_(*(name.icontains(word, autoescape=True) for name in names), *numbered(word)) for word in q.split()]


def _to_review(asked: Request[TrainingFilter]) -> list[ColumnElement[bool]]:
    """Not what one handed in oneself; of one's own unions only at the top."""
    own = [role_at.union_id for role_at in asked.actor.roles]
    return [
        TABLE.c.status == SessionStatus.IN_REVIEW,
        TABLE.c.handed_in_by_id.not_in(asked.actor.own_ids),
        or_(TABLE.c.organiser_id.not_in(own), TABLE.c.organiser_id == TABLE.c.city_id),
    ]


def _controls(asked: Request[TrainingFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "what", "类别", WHAT_NAMES),
        select_control(filters, "kind", "种类", KIND_NAMES),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        *day_controls(filters, "举办"),
        flag_control(filters, "own", "本单位举办的"),
        flag_control(filters, "held", "已办完的"),
        flag_control(filters, "to_review", "等我审核的"),
        search_control(filters, "q", "搜索编号、名称、主题、地点"),
    ]


def _describe(asked: Request[TrainingFilter], rows: Sequence[Any]) -> list[Row]:
    names, query = union_names(asked.session, {row.organiser_id for row in rows}), asked.filters.to_query()
    return [
        Row(
            href=f"/console/training/{row.id}{'?' if query else ''}{query}", trainer=row.trainer,
            is_drill=row.kind in DRILLS, **said_of_session(row, names),
        )
        for row in rows
    ]  # fmt: skip


def said_of_session(row: Any, names: Names) -> dict[str, Any]:
    """What every list says of a session, in words."""
    return {
        "number": row.number, "title": row.title, "kind_name": KIND_NAMES[row.kind],
        "organiser": name_of(names, row.organiser_id) or "", "venue": row.venue, "starts_at": row.starts_at,
        "hours": row.hours, "status_text": STATUS_NAMES[row.status], "chip": CHIPS[row.status],
    }  # fmt: skip


def numbered(text: str) -> list[ColumnElement[bool]]:
    """Whether a session has the number that was typed; nothing if it is none."""
    numbers = read_number(text, LETTER)
    return [TABLE.c.number.in_(numbers)] if numbers else []


def session_columns(*, is_summed: bool) -> tuple[SheetColumn[Any], ...]:
    """What every sheet of sessions begins with."""
    return (
        SheetColumn("编号", lambda row: row.number),
        SheetColumn("名称", lambda row: row.title, width=36),
        SheetColumn("种类", lambda row: row.kind_name),
        SheetColumn("举办单位", lambda row: row.organiser, width=28),
        SheetColumn("时间", lambda row: row.starts_at, CellKind.MOMENT),
        SheetColumn("地点", lambda row: row.venue, width=28),
        SheetColumn("学时", lambda row: float(row.hours), CellKind.NUMBER, is_summed=is_summed),
    )


SESSION_LIST: Listing[TrainingFilter, Row] = Listing(
    name="training",
    title="培训和演练",
    path="/console/training",
    filters=TrainingFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("", "全部", tuple(((TABLE.c.status == status),) for status in SessionStatus)),
        *(Tab(status.value, STATUS_NAMES[status], (((TABLE.c.status == status),),)) for status in SessionStatus),
    ),
    by_number=ByNumber(numbered),
    ledger="培训计划和档案目录",
    sheet=(
        *session_columns(is_summed=True),
        SheetColumn("培训人", lambda row: row.trainer),
        SheetColumn("状态", lambda row: row.status_text),
    ),
)

TODOS = (
    todo_of_list(
        "training.papers", "{} 场培训要补资料", SESSION_LIST,
        TrainingFilter(status=SessionStatus.INCOMPLETE.value, own=True), MAY_LEAD,
    ),
    todo_of_list(
        "training.returned", "{} 场培训的档案被退回", SESSION_LIST,
        TrainingFilter(status=SessionStatus.RETURNED.value, own=True), MAY_LEAD,
    ),
    todo_of_list(
        "training.review", "{} 场培训等您审核归档", SESSION_LIST,
        TrainingFilter(status=SessionStatus.IN_REVIEW.value, to_review=True), MAY_REVIEW,
    ),
)  # fmt: skip
