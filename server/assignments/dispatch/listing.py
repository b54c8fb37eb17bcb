"""The list of what was sent down: by one's own unions, and on demand by those below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, cast

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, false, or_, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import all_kinds
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.permissions import MAY_READ, MAY_SEND
from server.assignments.dispatch.queries import is_overseen, is_visible, sending_roles, unions_above
from server.assignments.dispatch.rules import OWING_REPLY
from server.assignments.dispatch.texts import ASSIGNMENT_CHIPS, ASSIGNMENT_STATUS_NAMES
from server.core.clock import day_of
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    flag_control,
    holds,
    search_control,
    select_control,
    within_days,
)
from server.kit.keyset import newest_first
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.numbers.actions import read_number
from server.kit.scope import Scope, name_of, scopes_of, union_names
from server.kit.todos import todo_of_list
from server.unions.actor import Actor
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE = cast(Table, Assignment.__table__)
_ROWS = cast(Table, Recipient.__table__)


class View(StrEnum):
    """Drafts, what is being sent, what is out, what ended."""

    DRAFT = "draft"
    SENDING = "sending"
    SENT = "sent"
    ENDED = "ended"
    ALL = "all"


class AssignmentFilter(CampaignFilter, DatedFilter):
    """What to show, and of which days of sending. `below`: what unions below sent too. `above`: instead, what unions
    above sent past one's own to those below. `late`: past its day, and somebody owes it still."""

    status: View = View.SENT
    kind: Annotated[Line, StringConstraints(max_length=20)] | None = None
    below: bool = False
    above: bool = False
    late: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    href: str
    title: str
    number: str
    kind_name: str
    sender_name: str
    recipient_count: int
    due_on: date | None
    sent_at: datetime | None
    edited_at: datetime
    status_text: str
    chip: str


def _kind_name(name: str | None) -> str:
    return next((kind.label for kind in all_kinds() if kind.name == name), "")


def letters() -> str:
    """What the numbers of assignments may end with."""
    return "".join(kind.letter for kind in all_kinds())


def numbered(text: str) -> list[ColumnElement[bool]]:
    """Whether an assignment has the number that was typed; nothing if it is none."""
    numbers = read_number(text, letters())
    return [TABLE.c.number.in_(numbers)] if numbers else []


def find_by_number(session: Session, actor: Actor, text: str) -> str | None:
    """Where the one assignment is that has the number which was typed, if the actor may see it."""
    wanted = numbered(text)
    if not wanted:
        return None
    found = session.scalars(select(Assignment.id).where(is_visible(actor), *wanted).limit(2)).all()
    return f"/console/assignments/{found[0]}" if len(found) == 1 else None


def _scopes(asked: Request[AssignmentFilter]) -> list[Scope]:
    """What one's own unions sent, drafts too; what was sent below; or what was sent from above past them."""
    if asked.filters.above:
        posts = {role_at.union_id for role_at in asked.actor.roles if role_at.role in MAY_READ}
        return [Scope("sender_id", union_id) for union_id in unions_above(asked.session, posts)]
    own = [Scope("sender_id", union_id) for union_id in {role_at.union_id for role_at in sending_roles(asked.actor)}]
    if asked.filters.below or not own:
        return own + scopes_of(asked.session, asked.actor, MAY_READ)
    return own


def _narrow(asked: Request[AssignmentFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = within_days(TABLE.c.sent_at, filters)
    if filters.above:
        conditions.append(is_overseen(asked.session, asked.actor))
    if filters.kind is not None:
        conditions.append(TABLE.c.kind == filters.kind)
    if filters.late:
        conditions += _late(asked.now)
    for word in filters.q.split():
        conditions.append(or_(holds(TABLE.c.title, word), *(numbered(word) or [false()])))
    return conditions


def _late(now: datetime) -> list[ColumnElement[bool]]:
    """Whoever owes a receipt only has not signed; whoever owes an answer has not given it."""
    owes = or_(
        TABLE.c.wants_reply & _ROWS.c.status.in_(OWING_REPLY),
        TABLE.c.wants_receipt & (_ROWS.c.status == RecipientStatus.SENT),
    )
    missing = select(_ROWS.c.id).where(_ROWS.c.assignment_id == TABLE.c.id, _ROWS.c.is_copy.is_(False), owes)
    return [TABLE.c.due_at < now, missing.exists()]


def _controls(asked: Request[AssignmentFilter]) -> list[Control]:
    filters, kinds = asked.filters, {kind.name: kind.label for kind in all_kinds()}
    return [
        *([select_control(filters, "kind", "种类", kinds)] if len(kinds) > 1 else []),
        *day_controls(filters, "发出"),
        flag_control(filters, "late", "逾期还没办完的"),
        flag_control(filters, "below", "下级发出的也看"),
        flag_control(filters, "above", "上级直接发到下面的"),
        search_control(filters, "q", "搜索标题、编号"),
    ]


def _describe(asked: Request[AssignmentFilter], rows: Sequence[Any]) -> list[Row]:
    names, kinds = union_names(asked.session, {row.sender_id for row in rows}), {k.name: k.label for k in all_kinds()}
    query, today = asked.filters.to_query(), day_of(asked.now)
    return [
        Row(
            href=f"/console/assignments/rollup?assignment={row.id}"
            if asked.filters.above
            else f"/console/assignments/{row.id}{'?' if query else ''}{query}",
            title=row.title,
            number=row.number or "",
            kind_name=kinds.get(row.kind, ""),
            sender_name=name_of(names, row.sender_id) or "",
            recipient_count=row.recipient_count,
            due_on=row.due_on,
            sent_at=row.sent_at,
            edited_at=row.edited_at,
            status_text=_status_text(row, today),
            chip=ASSIGNMENT_CHIPS[row.status],
        )
        for row in rows
    ]


def _status_text(row: Any, today: date) -> str:
    is_past = row.status is AssignmentStatus.SENT and row.due_on is not None and row.due_on < today
    return "已到期" if is_past else ASSIGNMENT_STATUS_NAMES[row.status]


_ENDED = (AssignmentStatus.WITHDRAWN, AssignmentStatus.REPLACED, AssignmentStatus.CLOSED)
ASSIGNMENTS: Listing[AssignmentFilter, Row] = Listing(
    name="assignments",
    title="下发任务",
    ledger_of=lambda asked: f"{_kind_name(asked.filters.kind) or '下发任务'}台账",
    path="/console/assignments",
    filters=AssignmentFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=_scopes,
    narrow=_narrow,
    campaign=TABLE.c.campaign_id,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab(View.SENT, "已发出", ((TABLE.c.status == AssignmentStatus.SENT,),)),
        Tab(View.SENDING, "发送中", ((TABLE.c.status == AssignmentStatus.SENDING,),)),
        Tab(View.DRAFT, "草稿", ((TABLE.c.status == AssignmentStatus.DRAFT,),)),
        Tab(View.ENDED, "已结束", tuple(((TABLE.c.status == status),) for status in _ENDED)),
        Tab(View.ALL, "全部", is_counted=False),
    ),
    bounds=dict.fromkeys(ANCESTOR_COLUMNS, (TABLE.c.status != AssignmentStatus.DRAFT,)),
    is_disjoint=False,
    by_number=ByNumber(numbered, View.ALL),
    lacks={"union": "what was sent is looked for by who sent it: one's own, or those below"},
    sheet=(
        SheetColumn("编号", lambda row: row.number, width=16),
        SheetColumn("种类", lambda row: row.kind_name, width=12),
        SheetColumn("标题", lambda row: row.title, width=40),
        SheetColumn("发出工会", lambda row: row.sender_name, width=28),
        SheetColumn("发出日期", lambda row: row.sent_at, CellKind.DAY),
        SheetColumn("截止日期", lambda row: row.due_on, CellKind.DAY),
        SheetColumn("单位数", lambda row: row.recipient_count, CellKind.WHOLE),
        SheetColumn("状态", lambda row: row.status_text, width=12),
    ),
)

TODOS = (
    todo_of_list(
        "late_assignments", "{} 份下发的任务到期了，还有单位没办完，等催办", ASSIGNMENTS, AssignmentFilter(late=True),
        MAY_SEND,
    ),
)  # fmt: skip
