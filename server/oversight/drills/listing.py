"""The lists of drills: which are due, and the problems that they found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, or_, select

from server.assignments.findings.queries import hazard_states
from server.core.clock import day_of
from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.enterprises import OwnFilter, own_conditions, own_controls, own_or_below
from server.kit.filters import (
    Control,
    DatedFilter,
    day_controls,
    equal,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import Order, newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.panels import Line as PanelLine
from server.kit.panels import UnionPanel, panel_of_list
from server.kit.scope import name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.drills.models import DrillDue, DrillProblem, DrillRule, Duty, EmergencyPlan
from server.oversight.drills.permissions import MAY_READ, MAY_RECORD
from server.oversight.drills.texts import DUTY_NAMES
from server.oversight.training.models import TrainingSession
from server.review.submissions.models import Submission
from server.unions.roles import Role
from server.unions.tree.queries import is_named

DUES, PROBLEMS = cast(Table, DrillDue.__table__), cast(Table, DrillProblem.__table__)
SOON = timedelta(days=30)


class View(StrEnum):
    """What to show of what is due."""

    ALL = "all"
    OVERDUE = "overdue"
    SOON = "soon"


class DueFilter(OwnFilter):
    """Which drills to show that are due."""

    status: View = View.ALL
    duty: Duty | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class DueRow:
    """One line."""

    union_id: UUID
    name: str
    duty_name: str
    plan_name: str
    plan_href: str
    last_on: date | None
    due_on: date
    is_overdue: bool
    basis: str
    months: int


def _narrow_dues(asked: Request[DueFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    return [
        *equal(DUES, filters, "duty"), *within_days(DUES.c.due_at, filters), *is_named(DUES.c.union_id, filters.q),
        *own_conditions(asked, DUES, MAY_READ),
    ]  # fmt: skip


def _due_controls(asked: Request[DueFilter]) -> list[Control]:
    return [
        select_control(asked.filters, "duty", "演练", DUTY_NAMES),
        *own_controls(asked, "应演练", MAY_READ),
        search_control(asked.filters, "q", "搜索企业"),
    ]


def _describe_dues(asked: Request[DueFilter], rows: Sequence[Any]) -> list[DueRow]:
    names = union_names(asked.session, {row.union_id for row in rows})
    wanted = {row.rule_id for row in rows}
    rules = {rule.id: rule for rule in asked.session.scalars(select(DrillRule).where(DrillRule.id.in_(wanted)))}
    named = select(EmergencyPlan.id, EmergencyPlan.name).where(EmergencyPlan.id.in_({row.plan_id for row in rows}))
    plans = {row.id: row.name for row in asked.session.execute(named)}
    return [
        DueRow(
            row.union_id, name_of(names, row.union_id) or "", DUTY_NAMES[row.duty], plans.get(row.plan_id, ""),
            f"/console/drills/plans/{row.plan_id}" if row.plan_id else "", row.last_on,
            day_of(row.due_at - timedelta(seconds=1)), row.due_at <= asked.now, rules[row.rule_id].basis,
            rules[row.rule_id].months,
        )
        for row in rows
    ]  # fmt: skip


DUE_LIST: Listing[DueFilter, DueRow] = Listing(
    name="drill_dues",
    title="应演练",
    path="/console/drills",
    filters=DueFilter,
    table=DUES,
    source=select(DUES),
    order=Order((DUES.c.due_at, DUES.c.id), (datetime, UUID)),
    order_texts=("先到期的在前", "后到期的在前"),
    scopes=own_or_below("union_id", MAY_READ),
    narrow=_narrow_dues,
    controls=_due_controls,
    describe=_describe_dues,
    tabs=(
        Tab(View.ALL, "全部"),
        Tab(View.OVERDUE, "逾期", where=lambda now: (DUES.c.due_at <= now,), is_alert=True),
        Tab(
            View.SOON,
            "一个月内",
            is_counted=False,  # the database adds no days to a moment
            where=lambda now: (DUES.c.due_at > now, DUES.c.due_at <= now + SOON),
        ),
    ),
    ledger="演练计划表",
    sheet=(
        SheetColumn("单位", lambda row: row.name, width=32),
        SheetColumn("演练", lambda row: row.duty_name, width=18),
        SheetColumn("预案", lambda row: row.plan_name, width=32),
        SheetColumn("上次演练", lambda row: row.last_on, CellKind.DAY),
        SheetColumn("应演练日期", lambda row: row.due_on, CellKind.DAY),
        SheetColumn("是否逾期", lambda row: "逾期" if row.is_overdue else ""),
        SheetColumn("多久一次（月）", lambda row: row.months, CellKind.WHOLE),
        SheetColumn("依据", lambda row: row.basis, width=40),
    ),
)
TODOS = (
    todo_of_list(
        "drills.overdue", "{} 项演练到期还没有做", DUE_LIST, DueFilter(status=View.OVERDUE, mine=True), MAY_RECORD
    ),
    todo_of_list(
        "drills.overdue_below", "{} 项企业演练逾期", DUE_LIST, DueFilter(status=View.OVERDUE),
        MAY_RECORD - {Role.ENTERPRISE_REVIEWER}, is_below=True,
    ),
)  # fmt: skip


def _panel_line(row: DueRow) -> PanelLine:
    what = row.duty_name if row.plan_name else ""
    return PanelLine(
        text=row.plan_name or row.duty_name, href=row.plan_href, note=f"{what} {row.due_on}前".strip(),
        status="逾期" if row.is_overdue else "", chip="danger",
    )  # fmt: skip


UNION_PANEL = UnionPanel(
    title="应演练", position=61, permission="drill.read",
    read=panel_of_list(DUE_LIST, _panel_line, tabs=(View.OVERDUE,), shown={"status": View.ALL}),
)  # fmt: skip


class ProblemFilter(DatedFilter):
    """Which problems to show."""

    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """One line."""

    href: str
    words: str
    place: str
    enterprise: str
    drill: str
    session_id: UUID
    measures: str
    owner: str
    due_on: date | None
    found_at: datetime
    number: str
    status_text: str


def _narrow_problems(asked: Request[ProblemFilter]) -> list[ColumnElement[bool]]:
    columns = (PROBLEMS.c.words, PROBLEMS.c.place, PROBLEMS.c.owner)
    return within_days(PROBLEMS.c.found_at, asked.filters) + [
        or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in asked.filters.q.split()
    ]


def _describe_problems(asked: Request[ProblemFilter], rows: Sequence[Any]) -> list[ProblemRow]:
    session = asked.session
    names = union_names(session, {row.enterprise_id for row in rows})
    wanted, hazards = {row.session_id for row in rows}, {row.submission_id for row in rows}
    titles = select(TrainingSession.id, TrainingSession.title).where(TrainingSession.id.in_(wanted))
    drills = {row.id: row.title for row in session.execute(titles)}
    numbered = select(Submission.id, Submission.number).where(Submission.id.in_(hazards))
    numbers = {row.id: row.number for row in session.execute(numbered)}
    states = hazard_states(session, hazards)
    return [
        ProblemRow(
            f"/console/submissions/{row.submission_id}", row.words, row.place, name_of(names, row.enterprise_id) or "",
            drills[row.session_id], row.session_id, row.measures, row.owner, row.due_on, row.found_at,
            numbers.get(row.submission_id) or "", states.get(row.submission_id, ""),
        )
        for row in rows
    ]  # fmt: skip


PROBLEM_LIST: Listing[ProblemFilter, ProblemRow] = Listing(
    name="drill_problems",
    title="演练问题",
    path="/console/drills/problems",
    filters=ProblemFilter,
    table=PROBLEMS,
    source=select(PROBLEMS),
    order=newest_first(PROBLEMS.c.id),
    scopes=lambda asked: scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union),
    narrow=_narrow_problems,
    controls=lambda asked: [
        union_control(union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)),
        *day_controls(asked.filters, "发现"),
        search_control(asked.filters, "q", "搜索问题、地点、责任人"),
    ],
    describe=_describe_problems,
    ledger="演练问题整改台账",
    sheet=(
        SheetColumn("演练", lambda row: row.drill, width=28),
        SheetColumn("单位", lambda row: row.enterprise, width=28),
        SheetColumn("问题", lambda row: row.words, width=40),
        SheetColumn("地点", lambda row: row.place, width=20),
        SheetColumn("整改措施", lambda row: row.measures, width=32),
        SheetColumn("责任人", lambda row: row.owner),
        SheetColumn("完成期限", lambda row: row.due_on, CellKind.DAY),
        SheetColumn("隐患编号", lambda row: row.number),
        SheetColumn("整改情况", lambda row: row.status_text),
        SheetColumn("发现时间", lambda row: row.found_at, CellKind.MOMENT),
    ),
)
