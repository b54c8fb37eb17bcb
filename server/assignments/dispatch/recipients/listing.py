"""The unions that were asked by one assignment: how far each is, and whom to call."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.queries import Overseen, get_overseen, is_missing
from server.assignments.dispatch.recipients.contacts import Contact, contacts_of
from server.assignments.dispatch.rules import owing
from server.assignments.dispatch.texts import CHANNEL_NAMES, CHIPS, STATUS_NAMES
from server.core.errors import NotFound
from server.core.sheets import CellKind, SheetColumn
from server.core.slice import ERASED_NAME
from server.core.text import quoted
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, flag_control, search_control, select_control, union_control
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import area_above, below_chosen, name_of, union_choices, union_names
from server.unions.people.models import Person
from server.unions.roles import CONSOLE, ROLE_NAMES, Level
from server.unions.tree.lookup.flags import FLAG_TEXTS, NON_PUBLIC, NOT_LARGE, Flag
from server.unions.tree.queries import is_named
from server.unions.tree.rules import LEVEL_NAMES

TABLE = cast(Table, Recipient.__table__)


class View(StrEnum):
    ALL = "all"
    MISSING = "missing"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class RecipientFilter(ListFilter):
    """Of which assignment, and what to show of it."""

    assignment: UUID | None = None
    status: View = View.ALL
    state: RecipientStatus | None = None
    level: Level | None = None
    union: UUID | None = None
    late: bool = False
    flag: Flag | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line. Whom to call is told of those alone who owe something."""

    id: UUID
    href: str
    union_name: str
    area: str
    status_text: str
    chip: str
    is_copy: bool
    is_late: bool
    is_withdrawn: bool
    received_at: datetime | None
    received_by: str
    received_role: str
    received_via: str
    submitted_at: datetime | None
    due_at: datetime | None
    contact_name: str
    contact_phone: str
    note: str
    passed_on_href: str = ""


def overseen(asked: Request[Any]) -> Overseen:
    """The assignment whose list it is, read once. Raises NotFound without one that the actor may read."""
    if asked.filters.assignment is None:
        raise NotFound
    if "assignment" not in asked.memo:
        asked.memo["assignment"] = get_overseen(asked.session, asked.filters.assignment, asked.actor)
    return cast(Overseen, asked.memo["assignment"])


def assignment_of(asked: Request[Any]) -> Assignment:
    """The same for lists that show all of it: raises NotFound also for those who may read a part."""
    seen = overseen(asked)
    if seen.between:
        raise NotFound
    return seen.assignment


def _narrow(asked: Request[RecipientFilter]) -> list[ColumnElement[bool]]:
    filters, assignment = asked.filters, overseen(asked).assignment
    conditions = _those_asked(asked)
    if filters.status is View.MISSING:
        conditions.append(is_missing(assignment))
    if filters.state is not None:
        conditions.append(TABLE.c.status == filters.state)
    if filters.level is not None:
        conditions.append(TABLE.c.level == filters.level)
    if filters.late:
        conditions += [TABLE.c.due_at < asked.now, is_missing(assignment)]
    if filters.flag is not None:
        conditions += _flagged(filters.flag)
    return conditions + of_units(asked)


def _those_asked(asked: Request[RecipientFilter]) -> list[ColumnElement[bool]]:
    """By the assignment itself; a union between sees all that are asked below it, whoever passed it on to them."""
    seen = overseen(asked)
    if not seen.between:
        return [TABLE.c.assignment_id == seen.assignment.id]
    return [TABLE.c.root_id == seen.assignment.root_id, *seen.narrow()]


def of_units(asked: Request[Any]) -> list[ColumnElement[bool]]:
    """Recipients below the union that is chosen (`union`), of that name (`q`). Raises NotFound outside of the scope."""
    chosen = below_chosen(asked.session, TABLE, asked.actor, CONSOLE, asked.filters.union)
    return chosen + is_named(TABLE.c.union_id, asked.filters.q)


def _flagged(flag: Flag) -> list[ColumnElement[bool]]:
    """By the traits that a union had at sending."""
    if flag is Flag.PRIVATE_SMALL:
        return [TABLE.c.ownership.in_(NON_PUBLIC), TABLE.c.size.in_(NOT_LARGE)]
    return [TABLE.c.is_high_risk.is_(True) if flag is Flag.HIGH_RISK else TABLE.c.is_chemical.is_(True)]


def _controls(asked: Request[RecipientFilter]) -> list[Control]:
    filters = asked.filters
    levels = {level.value: LEVEL_NAMES[level] for level in (Level.DISTRICT, Level.TOWN, Level.ENTERPRISE)}
    return [
        select_control(filters, "state", "状态", {status.value: name for status, name in STATUS_NAMES.items()}),
        select_control(filters, "level", "层级", levels),
        union_control(union_choices(asked.session, asked.actor, CONSOLE, filters.union)),
        select_control(filters, "flag", "企业", FLAG_TEXTS),
        flag_control(filters, "late", "逾期的"),
        search_control(filters, "q", "单位名称"),
    ]


def _describe(asked: Request[RecipientFilter], rows: Sequence[Any]) -> list[Row]:
    ids = {value for row in rows for value in (row.union_id, row.district_id, row.town_id)}
    names = union_names(asked.session, ids)
    states = _states(asked)
    calls = contacts_of(asked.session, [row.union_id for row in rows if _owes(row, states)])
    signers = _people(asked.session, {row.received_by_id for row in rows if row.received_by_id})
    below = _sent_below(asked.session, [row.passed_on_id for row in rows if row.passed_on_id])
    return [
        replace(
            _row(row, names, signers.get(row.received_by_id, ""), calls.get(row.union_id), states, asked),
            passed_on_href=f"/console/assignments/{row.passed_on_id}" if row.passed_on_id in below else "",
        )
        for row in rows
    ]  # fmt: skip


def _sent_below(session: Session, passed_on: Collection[UUID]) -> Collection[UUID]:
    """What was passed on and sent, of these: a draft is its own sender's alone, and nobody has it yet."""
    if not passed_on:
        return ()
    sent = Assignment.id.in_(passed_on), Assignment.status != AssignmentStatus.DRAFT
    return session.scalars(select(Assignment.id).where(*sent)).all()


def _people(session: Session, person_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What they are called; who was forgotten is so called."""
    if not person_ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row.id: row.name or ERASED_NAME for row in rows}


def _owes(row: Any, states: Sequence[RecipientStatus]) -> bool:
    return row.status in states and not row.is_copy


def _states(asked: Request[RecipientFilter]) -> Sequence[RecipientStatus]:
    """In which a row of this assignment owes something."""
    assignment = overseen(asked).assignment
    return owing(wants_receipt=assignment.wants_receipt, wants_reply=assignment.wants_reply)


def _row(
    row: Any, names: Any, signer: str, call: Contact | None, states: Sequence[RecipientStatus],
    asked: Request[RecipientFilter],
) -> Row:  # fmt: skip
    is_late = _owes(row, states) and row.due_at is not None and row.due_at < asked.now
    is_checked = row.status in (RecipientStatus.SUBMITTED, RecipientStatus.RETURNED, RecipientStatus.ACCEPTED)
    return Row(
        id=row.id,
        href=f"/console/tasks/{row.id}" + (f"/check?assignment={row.assignment_id}" if is_checked else ""),
        union_name=name_of(names, row.union_id) or "",
        area=area_above(names, row),
        status_text="抄送" if row.is_copy and row.status is RecipientStatus.SENT else STATUS_NAMES[row.status],
        chip="danger" if is_late else CHIPS[row.status],
        is_copy=row.is_copy,
        is_late=is_late,
        is_withdrawn=row.status is RecipientStatus.WITHDRAWN,
        received_at=row.received_at,
        received_by=signer,
        received_role=ROLE_NAMES[row.received_role] if row.received_role else "",
        received_via=CHANNEL_NAMES[row.received_via] if row.received_via else "",
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        contact_name=f"{call.name}（{call.post}）" if call is not None else "",
        contact_phone=call.phone if call is not None else "",
        note=row.withdrawn_reason or row.added_reason or "",
    )


def _done(*statuses: RecipientStatus) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    return tuple((TABLE.c.status == status,) for status in statuses)


RECIPIENTS: Listing[RecipientFilter, Row] = Listing(
    name="assignment_recipients",
    title="收到任务的单位",
    ledger_of=lambda asked: f"{quoted(overseen(asked).assignment.title)}签收和办理情况表",
    path="/console/assignments/recipients",
    filters=RecipientFilter,
    table=TABLE,
    source=select(TABLE),
    order=Order((TABLE.c.id,), (UUID,)),
    order_texts=("按下发的顺序", "后下发的在前"),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    place_names=("assignment",),
    tabs=(
        Tab(View.ALL, "全部"),
        Tab(View.MISSING, "还没办的", is_counted=False, is_alert=True),
        Tab(View.SUBMITTED, "已提交", _done(RecipientStatus.SUBMITTED)),
        Tab(View.ACCEPTED, "审核通过", _done(RecipientStatus.ACCEPTED)),
        Tab(View.WITHDRAWN, "已撤回", _done(RecipientStatus.WITHDRAWN)),
    ),
    lacks={"days": "all of them were sent on one day"},
    sheet=(
        SheetColumn("单位", lambda row: row.union_name, width=32),
        SheetColumn("所在", lambda row: row.area, width=24),
        SheetColumn("主送/抄送", lambda row: "抄送" if row.is_copy else "主送", width=10),
        SheetColumn("状态", lambda row: row.status_text, width=12),
        SheetColumn("签收时间", lambda row: row.received_at, CellKind.MOMENT),
        SheetColumn("签收人", lambda row: row.received_by, width=12),
        SheetColumn("职务", lambda row: row.received_role, width=18),
        SheetColumn("方式", lambda row: row.received_via, width=8),
        SheetColumn("提交时间", lambda row: row.submitted_at, CellKind.MOMENT),
        SheetColumn("截止日期", lambda row: row.due_at, CellKind.DAY),
        SheetColumn("逾期", lambda row: "是" if row.is_late else "", width=8),
        SheetColumn("联系人", lambda row: row.contact_name, width=12),
        SheetColumn("电话", lambda row: row.contact_phone, width=16),
        SheetColumn("说明", lambda row: row.note, width=30),
    ),
)
