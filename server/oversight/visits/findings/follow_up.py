"""Follow-up (调度) of what visits found: the list of problems, and how far each unit or team is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, or_, select

from server.core.clock import day_of
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    flag_control,
    search_control,
    text_control,
    union_control,
    within_days,
)
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, name_of, scopes_of, union_choices, union_names
from server.oversight.visits.findings.settling import five_of, is_grave, is_grave_row, say_five
from server.oversight.visits.models import Visit, VisitFinding, VisitHandover
from server.oversight.visits.permissions import MAY_READ
from server.oversight.visits.texts import GRADE_NAMES, say_handover
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.rectification.texts import STATUS_TEXTS, way_text
from server.review.rectification.workflow import DUE
from server.unions.people.models import Person

FOUND, AT, RIGHT, PEOPLE, HANDED = (
    cast(Table, model.__table__) for model in (VisitFinding, Visit, Rectification, Person, VisitHandover)
)  # fmt: skip
R = RectifyStatus


class View(StrEnum):
    """The tabs."""

    OPEN = "open"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    ASKED = "asked"
    ALL = "all"


class FollowUpFilter(DatedFilter, CampaignFilter):
    """Which problems: by the day until which, or with `visited` the day of the visit; by unit, by team, by visit; the
    major ones, those handed over."""

    status: View = View.OPEN
    union: UUID | None = None
    visit: UUID | None = None
    visited: bool = False
    team: Annotated[Line, StringConstraints(max_length=100)] = ""
    grave: bool = False
    handed: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list of problems."""

    href: str
    visit_href: str
    enterprise: str
    problem: str
    basis: str
    grade: str
    suggestion: str
    owner: str
    due_at: datetime
    is_late: bool
    status_text: str
    done_on: date | None
    checked_by: str
    result: str
    closed_on: date | None
    team: str
    five: str
    handed_over: str


def _scopes(asked: Request[FollowUpFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[FollowUpFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = within_days(AT.c.visited_on if filters.visited else RIGHT.c.due_at, filters)
    conditions += [AT.c.id == filters.visit] if filters.visit else []
    conditions += [AT.c.team_name == filters.team] if filters.team else []
    conditions += [is_grave_row(FOUND)] if filters.grave else []
    conditions += [HANDED.c.id.is_not(None)] if filters.handed else []
    for word in filters.q.split():
        where = (FOUND.c.place, FOUND.c.description)
        conditions.append(or_(*(each.icontains(word, autoescape=True) for each in where)))
    return conditions


def _controls(asked: Request[FollowUpFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [
        union_control(choices), *day_controls(asked.filters, "时限"),
        flag_control(asked.filters, "visited", "日期按督导那天"), text_control(asked.filters, "team", "组别"),
        flag_control(asked.filters, "grave", "重大的"), flag_control(asked.filters, "handed", "移送的"),
        search_control(asked.filters, "q", "位置和问题"),
    ]  # fmt: skip


def _describe(asked: Request[FollowUpFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {row.enterprise_id for row in rows})
    return [_row(row, name_of(names, row.enterprise_id) or "", asked.now) for row in rows]


def _row(row: Any, enterprise: str, now: datetime) -> Row:
    is_closed = row.status is R.CLOSED
    return Row(
        href=f"/console/rectifications/{row.id}", visit_href=f"/console/visits/{row.visit_id}",
        enterprise=enterprise, problem=f"{row.place}：{row.description}", basis=row.basis,
        grade=GRADE_NAMES[row.grade], suggestion=row.suggestion,
        owner="，".join(filter(None, (enterprise, row.owner))), due_at=row.due_at,
        is_late=row.status in DUE and row.due_at < now, status_text=STATUS_TEXTS[row.status],
        done_on=day_of(row.submitted_at) if row.submitted_at is not None else None,
        checked_by=row.checked_by or "" if is_closed else "",
        result=f"复查通过（{way_text(row.recheck_way, by_reporter=False)}）" if is_closed else "",
        closed_on=day_of(row.closed_at) if row.closed_at is not None else None, team=row.team_name,
        five=say_five(five_of(row)) if is_grave(row) else "", handed_over=_say_handed(row),
    )  # fmt: skip


def _say_handed(row: Any) -> str:
    if row.handed_at is None:
        return ""
    return say_handover(day_of(row.handed_at), row.department, row.cause, row.answer)


def _tab(view: View, text: str, *statuses: R, late: bool = False) -> Tab:
    def where(now: Any) -> tuple[ColumnElement[bool], ...]:
        return (RIGHT.c.due_at < now,) if late else ()

    return Tab(view, text, tuple((RIGHT.c.status == each,) for each in statuses), where=where, is_alert=late)


FOLLOW_UP: Listing[FollowUpFilter, Row] = Listing(
    name="visit_findings",
    title="督导问题清单",
    ledger="督导问题清单（整改台账）",
    path="/console/visits/findings",
    filters=FollowUpFilter,
    table=RIGHT,
    source=select(
        RIGHT.c.id, RIGHT.c.status, RIGHT.c.due_at, RIGHT.c.submitted_at, RIGHT.c.closed_at, RIGHT.c.recheck_way,
        RIGHT.c.enterprise_id, FOUND.c.visit_id, FOUND.c.place, FOUND.c.description, FOUND.c.basis, FOUND.c.grade,
        FOUND.c.suggestion, FOUND.c.owner, FOUND.c.measures, FOUND.c.funds, FOUND.c.emergency_plan, FOUND.c.due_on,
        FOUND.c.is_major, FOUND.c.suspected_major, HANDED.c.handed_at, HANDED.c.department, HANDED.c.cause,
        HANDED.c.answer, AT.c.team_name, PEOPLE.c.name.label("checked_by"),
    )
    .select_from(RIGHT)
    .join(FOUND, FOUND.c.submission_id == RIGHT.c.submission_id)
    .join(AT, AT.c.id == FOUND.c.visit_id)
    .outerjoin(HANDED, HANDED.c.finding_id == FOUND.c.id)
    .outerjoin(PEOPLE, PEOPLE.c.id == RIGHT.c.closed_by_id),
    order=Order((RIGHT.c.due_at, RIGHT.c.id), (datetime, UUID)),
    order_texts=("先到期的在前", "后到期的在前"),
    scopes=_scopes,
    narrow=_narrow,
    campaign=RIGHT.c.campaign_id,
    controls=_controls,
    describe=_describe,
    tabs=(
        _tab(View.OPEN, "没有销号", *(each for each in R if each not in (R.CLOSED, R.VOIDED))),
        _tab(View.OVERDUE, "逾期", *DUE, late=True),
        _tab(View.SUBMITTED, "待复查", R.SUBMITTED),
        _tab(View.CLOSED, "已销号", R.CLOSED),
        _tab(View.ASKED, "应改", *(each for each in R if each is not R.VOIDED)),
        _tab(View.ALL, "全部", *R),
    ),
    sheet=(
        SheetColumn("单位", lambda row: row.enterprise, width=28),
        SheetColumn("问题", lambda row: row.problem, width=40),
        SheetColumn("依据", lambda row: row.basis, width=28),
        SheetColumn("等级", lambda row: row.grade, width=8),
        SheetColumn("建议", lambda row: row.suggestion, width=36),
        SheetColumn("责任单位/人", lambda row: row.owner, width=28),
        SheetColumn("时限", lambda row: row.due_at, CellKind.DAY),
        SheetColumn("进展", lambda row: f"{row.status_text}{'，已逾期' if row.is_late else ''}", width=16),
        SheetColumn("完成日", lambda row: row.done_on, CellKind.DAY),
        SheetColumn("复查人", lambda row: row.checked_by, width=12),
        SheetColumn("结果", lambda row: row.result, width=20),
        SheetColumn("销号", lambda row: row.closed_on, CellKind.DAY),
        SheetColumn("五落实（重大隐患）", lambda row: row.five, width=40),
        SheetColumn("移送", lambda row: row.handed_over, width=30),
    ),
)  # fmt: skip
