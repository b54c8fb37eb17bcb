"""The list of tasks of somebody's own unions by due date, and of answers that wait to be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, and_, func, literal, not_, or_, select

from server.assignments.dispatch.kinds.registry import all_kinds, kind_of
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.dispatch.models import RecipientStatus as S
from server.assignments.dispatch.queries import sending_roles
from server.assignments.dispatch.texts import CHIPS
from server.assignments.dispatch.workflow import UNDER_WAY as LIVE
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.permissions import MAY_ANSWER, MAY_CHECK
from server.assignments.responses.queries import answers_of, own_unions, status_text
from server.core.db import UtcDateTime
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Code, Line
from server.kit.filters import Control, ListFilter, flag_control, holds, search_control, select_control, union_control
from server.kit.keyset import Order, Part
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.neighbours import find_neighbours, find_position
from server.kit.numbers.actions import read_number
from server.kit.scope import Scope, below_chosen, name_of, union_choices, union_names
from server.kit.todos import todo_of_list

TABLE, ASKED = cast(Table, Recipient.__table__), cast(Table, Assignment.__table__)
NO_DATE = datetime(2199, 12, 31, tzinfo=UTC)
DUE = func.coalesce(TABLE.c.due_at, literal(NO_DATE, UtcDateTime())).label("due")
"""What has no date comes last."""
SOURCE = select(
    TABLE, DUE, ASKED.c.title, ASKED.c.number, ASKED.c.kind, ASKED.c.sender_id, ASKED.c.due_on,
    ASKED.c.status.label("asked_status"), ASKED.c.wants_reply,
).join(ASKED, ASKED.c.id == TABLE.c.assignment_id)  # fmt: skip
BY_DUE = Order((DUE, TABLE.c.id), (datetime, UUID))
LATEST_FIRST = Order((DUE, TABLE.c.id), (datetime, UUID), descending=True)
BY_ARRIVAL = Order((TABLE.c.submitted_at, TABLE.c.id), (datetime, UUID))


class View(StrEnum):
    """What to show of one's own tasks."""

    OPEN = "open"
    UNSIGNED = "unsigned"
    TO_ANSWER = "to_answer"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    DONE = "done"
    ALL = "all"


class TaskFilter(ListFilter):
    """What to show."""

    status: View = View.OPEN
    kind: Annotated[Code, StringConstraints(max_length=20)] | None = None
    overdue: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


class CheckFilter(ListFilter):
    """Which answers to check."""

    assignment: UUID | None = None
    kind: Annotated[Code, StringConstraints(max_length=20)] | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


# --- what a tab shows -------------------------------------------------------------------------------------------------

IS_ASKED = and_(ASKED.c.status.in_(LIVE), TABLE.c.is_copy.is_(False))
UP_TO_THE_UNION: dict[S, ColumnElement[bool]] = {
    S.SENT: and_(IS_ASKED, or_(ASKED.c.wants_receipt, ASKED.c.wants_reply)),
    S.RECEIVED: and_(IS_ASKED, ASKED.c.wants_reply),
    S.BEGUN: IS_ASKED,
    S.RETURNED: IS_ASKED,
}
"""When a recipient in that status has something to do."""


def _open(*statuses: S) -> tuple[Part, ...]:
    return tuple((TABLE.c.status == status, UP_TO_THE_UNION[status]) for status in statuses)


def _done() -> tuple[Part, ...]:
    ended = tuple((TABLE.c.status == status, not_(condition)) for status, condition in UP_TO_THE_UNION.items())
    return (*ended, (TABLE.c.status == S.ACCEPTED,), (TABLE.c.status == S.WITHDRAWN,))


OPEN, DONE = _open(*UP_TO_THE_UNION), _done()
SUBMITTED: tuple[Part, ...] = ((TABLE.c.status == S.SUBMITTED,),)
TABS = (
    Tab(View.OPEN, "要办的", OPEN),
    Tab(View.UNSIGNED, "待签收", ((*_open(S.SENT)[0], ASKED.c.wants_receipt),)),
    Tab(
        View.TO_ANSWER, "待办理",
        ((*_open(S.SENT)[0], not_(ASKED.c.wants_receipt)), *_open(S.RECEIVED, S.BEGUN)),
    ),
    Tab(View.RETURNED, "退回修改", _open(S.RETURNED), is_alert=True),
    Tab(View.SUBMITTED, "已提交", SUBMITTED, order=LATEST_FIRST),
    Tab(View.DONE, "已完成", DONE, order=LATEST_FIRST, is_counted=False),
    Tab(View.ALL, "全部", tuple((TABLE.c.status == status,) for status in S), order=LATEST_FIRST, is_counted=False),
)  # fmt: skip


# --- rows -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One line of either list."""

    id: UUID
    version: int
    href: str
    number: str
    title: str
    kind: str
    kind_label: str
    sender: str
    unit: str
    due_on: Any
    due_at: datetime | None
    is_overdue: bool
    status: S
    status_text: str
    chip: str
    submitted_at: datetime | None
    is_late: bool
    remark: str


def _describe(asked: Request[Any], rows: Sequence[Any], page: str) -> list[Row]:
    """Why something was returned stands in the line, by one statement for all."""
    names = union_names(asked.session, {row.sender_id for row in rows} | {row.union_id for row in rows})
    returned = answers_of(asked.session, [row.id for row in rows if row.status is S.RETURNED])
    query = asked.filters.to_query()
    return [
        Row(
            id=row.id, version=row.version, href=f"/console/tasks/{row.id}{page}{'?' if query else ''}{query}",
            number=row.number or "", title=row.title, kind=row.kind, kind_label=kind_of(row.kind).label,
            sender=name_of(names, row.sender_id) or "", unit=name_of(names, row.union_id) or "",
            due_on=row.due_on, due_at=row.due_at,
            is_overdue=row.due_at is not None and row.due_at < asked.now and row.first_submitted_at is None
            and row.status in UP_TO_THE_UNION and row.asked_status in LIVE and not row.is_copy,
            status=row.status, status_text=status_text(row, row.asked_status), chip=CHIPS[row.status],
            submitted_at=row.submitted_at,
            is_late=row.due_at is not None and (row.first_submitted_at or row.due_at) > row.due_at,
            remark=_remark(returned.get(row.id)),
        )
        for row in rows
    ]  # fmt: skip


def _remark(version: ResponseVersion | None) -> str:
    if version is None:
        return ""
    return version.remark or f"有 {len(version.remarks)} 处要改"


def _words(q: str) -> list[ColumnElement[bool]]:
    """Title or number."""
    letters = "".join(kind.letter for kind in all_kinds())
    return [or_(holds(ASKED.c.title, word), ASKED.c.number.in_(read_number(word, letters))) for word in q.split()]


def _read_number(text: str) -> Sequence[Any]:
    return read_number(text, "".join(kind.letter for kind in all_kinds()))


def _kinds() -> dict[str, str]:
    return {kind.name: kind.label for kind in all_kinds()}


# --- one's own tasks --------------------------------------------------------------------------------------------------


def _own(asked: Request[TaskFilter]) -> list[Scope]:
    return [Scope("union_id", union_id) for union_id in own_unions(asked.actor)]


def _narrow_tasks(asked: Request[TaskFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    kind = [ASKED.c.kind == filters.kind] if filters.kind else []
    late = [TABLE.c.due_at < asked.now, TABLE.c.first_submitted_at.is_(None)] if filters.overdue else []
    return kind + late + _words(filters.q)


def _task_controls(asked: Request[TaskFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "kind", "种类", _kinds()),
        flag_control(filters, "overdue", "已逾期"),
        search_control(filters, "q", "搜索标题、编号"),
    ]


TASKS: Listing[TaskFilter, Row] = Listing(
    name="tasks",
    title="任务",
    ledger_of=lambda asked: f"收到的{_kinds().get(asked.filters.kind or '', '任务')}台账",
    path="/console/tasks",
    filters=TaskFilter,
    table=TABLE,
    source=SOURCE,
    order=BY_DUE,
    order_texts=("先到期的在前", "后到期的在前"),
    scopes=_own,
    narrow=_narrow_tasks,
    controls=_task_controls,
    describe=lambda asked, rows: _describe(asked, rows, ""),
    tabs=TABS,
    by_number=ByNumber(_read_number, View.ALL),
    lacks={"days": "sorted by the day on which it is due", "union": "there are only those of one's own union"},
    sheet=(
        SheetColumn("编号", lambda row: row.number, width=16),
        SheetColumn("种类", lambda row: row.kind_label, width=12),
        SheetColumn("标题", lambda row: row.title, width=40),
        SheetColumn("发出单位", lambda row: row.sender, width=28),
        SheetColumn("办理单位", lambda row: row.unit, width=28),
        SheetColumn("期限", lambda row: row.due_on, CellKind.DAY),
        SheetColumn("状态", lambda row: row.status_text, width=12),
        SheetColumn("提交时间", lambda row: row.submitted_at, CellKind.MOMENT),
        SheetColumn("逾期", lambda row: "是" if row.is_overdue or row.is_late else "", width=8),
    ),
)


# --- answers to check -------------------------------------------------------------------------------------------------


def _senders(asked: Request[CheckFilter]) -> list[Scope]:
    """What one's own unions asked."""
    own = dict.fromkeys(each.union_id for each in sending_roles(asked.actor))
    return [Scope("sender_id", union_id) for union_id in own]


def _narrow_checks(asked: Request[CheckFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions: list[ColumnElement[bool]] = [TABLE.c.assignment_id == filters.assignment] if filters.assignment else []
    if filters.kind:
        conditions.append(ASKED.c.kind == filters.kind)
    conditions += below_chosen(asked.session, TABLE, asked.actor, MAY_CHECK, filters.union)
    return conditions + _words(filters.q)


def _check_controls(asked: Request[CheckFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "kind", "种类", _kinds()),
        union_control(union_choices(asked.session, asked.actor, MAY_CHECK, filters.union)),
        search_control(filters, "q", "搜索标题、编号"),
    ]


CHECKS: Listing[CheckFilter, Row] = Listing(
    name="checks",
    title="待审核的填报",
    path="/console/tasks/check",
    filters=CheckFilter,
    table=TABLE,
    source=SOURCE.where(TABLE.c.status == S.SUBMITTED, ASKED.c.status.in_((*LIVE, AssignmentStatus.CLOSED))),
    order=BY_ARRIVAL,
    order_texts=("先交的在前", "后交的在前"),
    scopes=_senders,
    narrow=_narrow_checks,
    controls=_check_controls,
    describe=lambda asked, rows: _describe(asked, rows, "/check"),
    place_names=("assignment",),
    lacks={"days": "only what waits now is in it"},
)

TODOS = (
    todo_of_list("tasks", "{} 项任务要签收、要填报", TASKS, TaskFilter(), MAY_ANSWER),
    todo_of_list(
        "returned_tasks", "{} 项填报退回修改", TASKS, TaskFilter(status=View.RETURNED), MAY_ANSWER, is_part=True
    ),
    todo_of_list("checks", "{} 份填报等您审核", CHECKS, CheckFilter(), MAY_CHECK),
)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where an answer stands in the list that it was opened from."""

    list_href: str
    previous_href: str | None
    next_href: str | None
    position: str | None


def walk_around(asked: Request[CheckFilter], recipient_id: UUID) -> Walk:
    """The answers before and after one, among those that wait."""
    query = asked.filters.to_query()
    around = find_neighbours(CHECKS, asked, recipient_id)

    def href(row_id: UUID | None) -> str | None:
        return f"/console/tasks/{row_id}/check{'?' if query else ''}{query}" if row_id is not None else None

    return Walk(CHECKS.href(query), href(around.before), href(around.after), find_position(CHECKS, asked, recipient_id))
