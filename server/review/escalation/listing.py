"""The dispatch list (调度): what is overdue in somebody's subtrees, the longest first. No reporter is ever read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, Table, or_, select

from server.core.errors import NotFound
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.deadlines.calendar.working_days import days_left
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    equal,
    flag_control,
    search_control,
    select_control,
    start_of,
    union_control,
    within_days,
)
from server.kit.keyset import Order
from server.kit.listing import ByNumber, Listing, Request
from server.kit.scope import Names, Scope, area_of, name_of, said_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.review.escalation.models import Escalation, Overdue, OverdueKind
from server.review.escalation.permissions import MAY_READ
from server.review.search.queries import ids_meant_by, meant_by
from server.review.submissions.models import Submission
from server.review.submissions.texts import numbers_meant
from server.unions.campaigns.queries import campaign_facts, current_campaign
from server.unions.roles import REVIEWERS, Level
from server.unions.tree.lookup.flags import FLAG_TEXTS, Flag, flagged
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

TABLE = cast(Table, Overdue.__table__)
UNION_COLUMNS = (*ANCESTOR_COLUMNS, "responsible_id", "climbed_to_id")


KIND_TEXTS = {OverdueKind.SUBMISSION: "审核", OverdueKind.RECTIFICATION: "整改"}


class DispatchFilter(CampaignFilter, DatedFilter):
    """What to show, and of which deadlines; `here` leaves what has climbed to the viewer's own unions, maybe past
    them."""

    kind: OverdueKind | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    union: UUID | None = None
    flag: Flag | None = None
    here: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One overdue item as page and sheet show it."""

    id: UUID
    href: str
    number: str
    kind_text: str
    excerpt: str
    place: str
    category_name: str
    grade: int | None
    grade_name: str | None
    unit: str
    area: str
    responsible: str
    due_at: datetime
    days: int
    step: int
    climbed_to: str
    urged_at: datetime | None


def _narrow(asked: Request[DispatchFilter]) -> list[ColumnElement[bool]]:
    """The conditions of the filters other than the union."""
    filters = asked.filters
    conditions = equal(TABLE, filters, "kind", "grade")
    conditions += within_days(TABLE.c.due_at, filters)
    if filters.here:
        reached = select(Escalation.id).where(Escalation.overdue_id == TABLE.c.id)
        own = [role_at.union_id for role_at in asked.actor.roles]
        conditions.append(reached.where(Escalation.union_id.in_(own)).exists())
    if filters.flag is not None:
        enterprise = select(Union.id).where(Union.id == TABLE.c.enterprise_id, flagged(filters.flag))
        conditions.append(enterprise.exists())
    return conditions


def not_urged_on(day: date) -> ColumnElement[bool]:
    """What nobody has asked for on that day."""
    return or_(TABLE.c.urged_at.is_(None), TABLE.c.urged_at < start_of(day))


def _scopes(asked: Request[DispatchFilter]) -> list[Scope]:
    """The subtrees to show. Nothing climbs past a city: what has come to it is found by where it is, not row by row."""
    seats = {(role_at.level, role_at.union_id) for role_at in asked.actor.roles}
    if asked.filters.here and asked.filters.union is None and all(level is Level.CITY for level, _ in seats):
        return [Scope("climbed_to_id", union_id) for _, union_id in seats]
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _controls(asked: Request[DispatchFilter]) -> list[Control]:
    filters = asked.filters
    try:
        grades: Mapping[int, str] = current_campaign(asked.session).grades
    except NotFound:
        grades = {}
    return [
        select_control(filters, "kind", "类型", KIND_TEXTS),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        select_control(filters, "grade", "等级", grades),
        select_control(filters, "flag", "企业", FLAG_TEXTS),
        *day_controls(filters, "期限"),
        flag_control(filters, "here", "已升到本级"),
        search_control(filters, "q", "搜索说明、地点、单位、编号"),
    ]


def _describe(asked: Request[DispatchFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {getattr(row, column) for row in rows for column in UNION_COLUMNS})
    found = asked.session.execute(
        select(Submission.id, Submission.number).where(Submission.id.in_({row.submission_id for row in rows}))
    )
    numbers = {each.id: each.number or "" for each in found}
    return [_row(asked, row, names, numbers[row.submission_id]) for row in rows]


def _row(asked: Request[DispatchFilter], row: Any, names: Names, number: str) -> Row:
    campaign = campaign_facts(asked.session, row.campaign_id)
    base = "/console/submissions" if row.kind is OverdueKind.SUBMISSION else "/console/rectifications"
    return Row(
        id=row.id,
        href=f"{base}/{row.item_id}",
        number=number,
        kind_text=KIND_TEXTS[row.kind],
        excerpt=row.excerpt,
        place=row.place,
        category_name=campaign.category_name(row.category),
        grade=row.grade,
        grade_name=campaign.grades.get(row.grade) if row.grade else None,
        unit=name_of(names, row.enterprise_id) or "",
        area=area_of(names, row),
        responsible=names[row.responsible_id].said,
        due_at=row.due_at,
        days=days_left(row.due_at, asked.now),
        step=row.step,
        climbed_to=said_of(names, row.climbed_to_id) or "",
        urged_at=row.urged_at,
    )


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("编号", lambda row: row.number),
    SheetColumn("类型", lambda row: row.kind_text, width=8),
    SheetColumn("内容", lambda row: row.excerpt, width=40),
    SheetColumn("类别", lambda row: row.category_name),
    SheetColumn("等级", lambda row: row.grade_name, width=10),
    SheetColumn("单位", lambda row: row.unit, width=28),
    SheetColumn("区域", lambda row: row.area, width=22),
    SheetColumn("地点", lambda row: row.place, width=24),
    SheetColumn("应办单位", lambda row: row.responsible, width=22),
    SheetColumn("期限", lambda row: row.due_at, CellKind.DAY),
    SheetColumn("逾期工作日", lambda row: row.days, CellKind.WHOLE, width=12),
    SheetColumn("升级步数", lambda row: row.step, CellKind.WHOLE),
    SheetColumn("最近催办", lambda row: row.urged_at, CellKind.DAY),
    SheetColumn("已升到", lambda row: row.climbed_to, width=20),
)

DISPATCH: Listing[DispatchFilter, Row] = Listing(
    name="dispatch",
    title="逾期调度",
    ledger="逾期事项调度表",
    path="/console/dispatch",
    filters=DispatchFilter,
    table=TABLE,
    source=select(TABLE).where(TABLE.c.ended_at.is_(None)),  # as the indexes say it: not among what narrows
    order=Order((TABLE.c.due_at, TABLE.c.id), (datetime, UUID)),
    order_texts=("逾期最久的在前", "最近逾期的在前"),
    scopes=_scopes,
    narrow=_narrow,
    campaign=TABLE.c.campaign_id,
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    is_sampled=True,
    search=lambda asked, limit: ids_meant_by(asked.session, asked.actor, TABLE.c.submission_id, asked.filters.q, limit),
    words=lambda asked: meant_by(asked.session, asked.actor, TABLE.c.submission_id, asked.filters.q),
    by_number=ByNumber(numbers_meant),
)

CLIMBED = todo_of_list("climbed", "{} 条逾期升级到您这里", DISPATCH, DispatchFilter(here=True), REVIEWERS)
