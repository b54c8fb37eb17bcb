"""The two registers of notices: what was sent (发文), and what came to one's own unions (收文)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, and_, or_, select

from server.assignments.dispatch import texts as words
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.models import AssignmentStatus as S
from server.assignments.dispatch.models import RecipientStatus as R
from server.assignments.dispatch.queries import count_unsigned
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.documents.models import Document
from server.kit.documents.texts import spell_number
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    flag_control,
    holds,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import newest_first
from server.kit.listing import ByNumber, Listing, Request, Tab
from server.kit.scope import Names, Scope, name_of, scopes_of, union_choices, union_names
from server.oversight.notices.permissions import MAY_READ
from server.oversight.notices.queries import IN_FORCE, KIND
from server.oversight.notices.schemas import NoticeDetails, NoticeForm
from server.oversight.notices.texts import FORM_NAMES, URGENCY_NAMES
from server.review.queue.listing import person_names
from server.unions.roles import ROLE_NAMES
from server.unions.tree.rules import ANCESTOR_COLUMNS

NOTICES, RECIPIENTS = cast(Table, Assignment.__table__), cast(Table, Recipient.__table__)
DOCUMENTS = cast(Table, Document.__table__)
PASSED_ON = NOTICES.alias("passed_on")
IS_DOCUMENT = DOCUMENTS.c.kind == KIND


class NoticeFilter(CampaignFilter, DatedFilter):
    """What to show, and of which days of sending."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    form: NoticeForm | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


class SentFilter(NoticeFilter):
    """`union`: what that union and those below it sent, no drafts. `numbered`: what has a number of its own."""

    union: UUID | None = None
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A notice in a register: as it was sent, or as it came to a union. `record` is the row of the database, `person`
    who sent it or signed for it."""

    record: Any
    number: str
    details: NoticeDetails
    sender_name: str
    person: str
    href: str
    status_text: str
    chip: str
    unsigned: int = 0
    union_name: str = ""


def _numbered(text: str) -> Sequence[str]:
    spelled = spell_number(text)
    return [spelled] if spelled else []


def _narrow(asked: Request[Any]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = within_days(NOTICES.c.sent_at, filters)
    if filters.form is not None:
        conditions.append(NOTICES.c.details["form"].as_string() == filters.form.value)
    if numbers := _numbered(filters.q):
        return [*conditions, DOCUMENTS.c.number.in_(numbers)]
    columns = (NOTICES.c.title, NOTICES.c.number, DOCUMENTS.c.number)
    return conditions + [or_(*(holds(column, word) for column in columns)) for word in filters.q.split()]


def _scopes_sent(asked: Request[SentFilter]) -> list[Scope]:
    if asked.filters.union is not None:
        return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [Scope("sender_id", union_id) for union_id in asked.actor.union_ids()]


def _narrow_sent(asked: Request[SentFilter]) -> list[ColumnElement[bool]]:
    return _narrow(asked) + ([DOCUMENTS.c.number.is_not(None)] if asked.filters.numbered else [])


def _controls_sent(asked: Request[SentFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    *narrowing, search = _controls(asked)
    return [union_control(choices), *narrowing, flag_control(asked.filters, "numbered", "有文号的"), search]


def _controls(asked: Request[Any]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "form", "种类", FORM_NAMES),
        *day_controls(filters, "发出"),
        search_control(filters, "q", "搜索文号、编号、标题"),
    ]


def _row(row: Any, names: Names, person: str | None, **more: Any) -> Row:
    details, sender = NoticeDetails.model_validate(row.details), name_of(names, row.sender_id) or ""
    return Row(row, row.written or row.number or "", details, sender, person or "", **more)


def _describe_sent(asked: Request[SentFilter], rows: Sequence[Any]) -> list[Row]:
    unsigned = count_unsigned(asked.session, [row.id for row in rows if row.wants_receipt])
    people = person_names(asked.session, {row.sent_by_id for row in rows})
    names = union_names(asked.session, {row.sender_id for row in rows})
    return [
        _row(
            row, names, people.get(row.sent_by_id), href=f"/console/assignments/{row.id}",
            status_text=words.ASSIGNMENT_STATUS_NAMES[row.status], chip=words.ASSIGNMENT_CHIPS[row.status],
            unsigned=unsigned.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip


SENT: Listing[SentFilter, Row] = Listing(
    name="notices_sent",
    title="通知公文",
    ledger="发文登记簿",
    path="/console/notices",
    filters=SentFilter,
    table=NOTICES,
    source=select(NOTICES, DOCUMENTS.c.number.label("written"))
    .outerjoin(DOCUMENTS, and_(IS_DOCUMENT, DOCUMENTS.c.owner_id == NOTICES.c.id))
    .where(NOTICES.c.kind == KIND),
    order=newest_first(NOTICES.c.id),
    scopes=_scopes_sent,
    narrow=_narrow_sent,
    campaign=NOTICES.c.campaign_id,
    controls=_controls_sent,
    describe=_describe_sent,
    tabs=(
        Tab("", "全部"),
        Tab("draft", "草稿", ((NOTICES.c.status == S.DRAFT,),)),
        Tab("sent", "已发出", tuple((NOTICES.c.status == each,) for each in IN_FORCE)),
        Tab("void", "已作废", tuple((NOTICES.c.status == each,) for each in (S.WITHDRAWN, S.REPLACED))),
    ),
    by_number=ByNumber(_numbered),
    bounds=dict.fromkeys(ANCESTOR_COLUMNS, (NOTICES.c.status != S.DRAFT,)),
    sheet=(
        SheetColumn("发文日期", lambda row: row.record.sent_at, CellKind.DAY),
        SheetColumn("文号", lambda row: row.number, width=22),
        SheetColumn("标题", lambda row: row.record.title, width=40),
        SheetColumn("种类", lambda row: FORM_NAMES[row.details.form], width=8),
        SheetColumn("紧急程度", lambda row: URGENCY_NAMES[row.details.urgency], width=10),
        SheetColumn("发文单位", lambda row: row.sender_name, width=24),
        SheetColumn("主送", lambda row: row.details.addressees, width=28),
        SheetColumn("抄送", lambda row: row.details.copies, width=28),
        SheetColumn("签发人", lambda row: row.person, width=12),
        SheetColumn("收文单位数", lambda row: row.record.recipient_count, CellKind.WHOLE),
        SheetColumn("状态", lambda row: row.status_text, width=12),
        SheetColumn("备注", lambda row: row.record.reason, width=30),
    ),
)


def _describe_received(asked: Request[NoticeFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {each for row in rows for each in (row.union_id, row.sender_id)})
    people = person_names(asked.session, {row.received_by_id for row in rows})
    return [
        _row(
            row, names, people.get(row.received_by_id), href=f"/console/tasks/{row.id}",
            status_text="抄送" if row.is_copy and row.status is R.SENT else words.STATUS_NAMES[row.status],
            chip="plain" if row.is_copy else words.CHIPS[row.status], union_name=name_of(names, row.union_id) or "",
        )
        for row in rows
    ]  # fmt: skip


RECEIVED: Listing[NoticeFilter, Row] = replace(
    cast(Listing[Any, Row], SENT),
    name="notices_received",
    title="收文",
    ledger="收文登记簿",
    path="/console/notices/received",
    filters=NoticeFilter,
    table=RECIPIENTS,
    source=select(
        RECIPIENTS,
        *(NOTICES.c[name] for name in ("number", "title", "details", "sender_id")),
        DOCUMENTS.c.number.label("written"),  # of what came first, passed on as it may be
        PASSED_ON.c.sent_at.label("passed_on_at"),
    )
    .outerjoin(PASSED_ON, PASSED_ON.c.id == RECIPIENTS.c.passed_on_id)
    .join(NOTICES, NOTICES.c.id == RECIPIENTS.c.assignment_id)
    .outerjoin(DOCUMENTS, and_(IS_DOCUMENT, DOCUMENTS.c.owner_id == RECIPIENTS.c.root_id))
    .where(NOTICES.c.kind == KIND),
    order=newest_first(RECIPIENTS.c.id),
    scopes=lambda asked: [Scope("union_id", union_id) for union_id in asked.actor.union_ids()],
    narrow=_narrow,
    controls=_controls,
    bounds=None,
    describe=_describe_received,
    tabs=(
        Tab("", "全部"),
        Tab(
            "unsigned", "待签收",
            ((RECIPIENTS.c.status == R.SENT, RECIPIENTS.c.is_copy.is_(False), NOTICES.c.wants_receipt.is_(True)),),
            is_alert=True,
        ),
        Tab("signed", "已签收", ((RECIPIENTS.c.received_at.is_not(None), RECIPIENTS.c.status != R.WITHDRAWN),)),
        Tab("copied", "抄送", ((RECIPIENTS.c.is_copy.is_(True), RECIPIENTS.c.status != R.WITHDRAWN),)),
        Tab("void", "已撤回", ((RECIPIENTS.c.status == R.WITHDRAWN,),)),
    ),
    lacks={"union": "it holds what came to one's own unions"},
    sheet=(
        SheetColumn("收文日期", lambda row: row.record.sent_at, CellKind.DAY),
        SheetColumn("来文单位", lambda row: row.sender_name, width=24),
        SheetColumn("文号", lambda row: row.number, width=22),
        SheetColumn("标题", lambda row: row.record.title, width=40),
        SheetColumn("紧急程度", lambda row: URGENCY_NAMES[row.details.urgency], width=10),
        SheetColumn("收文单位", lambda row: row.union_name, width=28),
        SheetColumn("主送/抄送", lambda row: "抄送" if row.record.is_copy else "主送", width=10),
        SheetColumn("签收时间", lambda row: row.record.received_at, CellKind.MOMENT),
        SheetColumn("签收人", lambda row: row.person, width=12),
        SheetColumn("职务", lambda row: ROLE_NAMES.get(row.record.received_role, ""), width=18),
        SheetColumn("办理期限", lambda row: row.record.due_at, CellKind.DAY),
        SheetColumn("办理情况", lambda row: row.status_text, width=12),
        SheetColumn("转发下级", lambda row: "是" if row.record.passed_on_at else "", width=10),
    ),
)  # fmt: skip
