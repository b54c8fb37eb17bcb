"""Two lists: enterprises with what is left of them in a period, and the people of one enterprise who were not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, exists, false, or_, select
from sqlalchemy.orm import Session

from server.core.sheets import CellKind, SheetColumn
from server.core.text import search_key
from server.core.web.schemas import Line
from server.kit.filters import (
    Control,
    ListFilter,
    choice_control,
    equal,
    flag_control,
    search_control,
    select_control,
    text_control,
    union_control,
)
from server.kit.keyset import Order
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, area_of, name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.oversight.coverage.models import CoverageFact, CoverageReminder, OfficerState
from server.oversight.coverage.permissions import MAY_READ
from server.oversight.coverage.queries import find_period, list_periods
from server.oversight.coverage.texts import OFFICER_CHIPS, OFFICER_NAMES, rate
from server.oversight.training.models import Attendance
from server.unions.people.models import Person
from server.unions.people.rules import mask_phone
from server.unions.roles import Level, Role
from server.unions.tree.lookup.flags import FLAG_BITS, FLAG_TEXTS
from server.unions.tree.models import Ownership, Size
from server.unions.tree.rules import ANCESTOR_COLUMNS, OWN_COLUMN
from server.unions.tree.texts import OWNERSHIP_NAMES, SIZE_NAMES

FACTS = cast(Table, CoverageFact.__table__)


class GapFilter(ListFilter):
    """Which enterprises of which period; the flags add up."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    period: UUID | None = None
    union: UUID | None = None
    industry: Annotated[Line, StringConstraints(max_length=40)] = ""
    size: Size | None = None
    ownership: Ownership | None = None
    high_risk: bool = False
    chemical: bool = False
    private_small: bool = False


@dataclass(frozen=True, slots=True)
class GapRow:
    """An enterprise in a period."""

    id: UUID
    href: str
    name: str
    area: str
    officer_text: str
    officer_chip: str
    headcount: int
    attended: int
    rate: str
    teams: int
    teams_drilled: int
    as_of: date | None
    reminded_on: date | None


def period_of(session: Session, filters: GapFilter) -> UUID | None:
    """The period of the filters; None while there is none."""
    found = find_period(list_periods(session), filters.period)
    return found.id if found else None


def _scopes(asked: Request[GapFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _narrow(asked: Request[GapFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    period_id = period_of(asked.session, filters)
    conditions: list[ColumnElement[bool]] = [FACTS.c.period_id == period_id if period_id else false()]
    if filters.industry:
        conditions.append(FACTS.c.industry == filters.industry)
    conditions += equal(FACTS, filters, "size", "ownership")
    if bits := sum(bit for flag, bit in FLAG_BITS.items() if getattr(filters, flag)):
        conditions.append(FACTS.c.flags.bitwise_and(bits) == bits)
    return conditions


def _controls(asked: Request[GapFilter]) -> list[Control]:
    filters = asked.filters
    periods = {each.id: each.name for each in list_periods(asked.session)}
    chosen = filters.model_copy(update={"period": period_of(asked.session, filters)})
    return [
        choice_control(chosen, "period", "时段", periods),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        text_control(filters, "industry", "行业"),
        select_control(filters, "size", "规模", SIZE_NAMES),
        select_control(filters, "ownership", "所有制", OWNERSHIP_NAMES),
        *(flag_control(filters, flag, text) for flag, text in FLAG_TEXTS.items()),
    ]


def _describe(asked: Request[GapFilter], rows: Sequence[Any]) -> list[GapRow]:
    names = union_names(asked.session, {getattr(row, name) for row in rows for name in ANCESTOR_COLUMNS})
    wanted = select(CoverageReminder).where(CoverageReminder.enterprise_id.in_([row.enterprise_id for row in rows]))
    reminded = {each.enterprise_id: each.reminded_on for each in asked.session.scalars(wanted)}
    return [
        GapRow(
            row.enterprise_id, f"/console/coverage/enterprises/{row.enterprise_id}",
            name_of(names, row.enterprise_id) or "", area_of(names, row), OFFICER_NAMES[row.officer_state],
            OFFICER_CHIPS[row.officer_state], row.headcount, row.attended, rate(row.attended, row.headcount),
            row.teams, row.teams_drilled, row.as_of, reminded.get(row.enterprise_id),
        )
        for row in rows
    ]  # fmt: skip


def has_gaps() -> ColumnElement[bool]:
    """Whether anybody of the enterprise is still to be trained, as far as is known."""
    return or_(
        FACTS.c.officer_state != OfficerState.COVERED, FACTS.c.workers_left.is_(True), FACTS.c.teams_left.is_(True)
    )


GAPS: Listing[GapFilter, GapRow] = Listing(
    name="coverage_gaps",
    title="未参训企业",
    ledger="未参训企业名单",
    path="/console/coverage/gaps",
    filters=GapFilter,
    table=FACTS,
    source=select(FACTS, FACTS.c.enterprise_id.label("id")),
    order=Order((FACTS.c.enterprise_id,), (UUID,)),
    order_texts=("先登记的在前", "后登记的在前"),
    scopes=_scopes,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    tabs=(
        Tab("", "全部企业"),
        Tab("officers", "负责人未参训", ((FACTS.c.officer_state == OfficerState.MISSING,),)),
        Tab("unnamed", "无负责人信息", ((FACTS.c.officer_state == OfficerState.UNNAMED,),)),
        Tab("workers", "职工没有训完", ((FACTS.c.workers_left.is_(True),),)),
        Tab("teams", "班组没有演练完", ((FACTS.c.teams_left.is_(True),),)),
        Tab("unsigned", "职工数没有签认", ((FACTS.c.is_signed.is_(False),),)),
    ),
    lacks={
        "search": "an enterprise is found by the choice of a union",
        "days": "a period is chosen instead: somebody counts once in it",
    },
    sheet=(
        SheetColumn("企业", lambda row: row.name, width=32),
        SheetColumn("所在", lambda row: row.area, width=24),
        SheetColumn("安全负责人", lambda row: row.officer_text, width=14),
        SheetColumn("职工数", lambda row: row.headcount, CellKind.WHOLE, is_summed=True),
        SheetColumn("已参训", lambda row: row.attended, CellKind.WHOLE, is_summed=True),
        SheetColumn("职工覆盖率", lambda row: row.rate, width=12),
        SheetColumn("班组数", lambda row: row.teams, CellKind.WHOLE, is_summed=True),
        SheetColumn("已演练", lambda row: row.teams_drilled, CellKind.WHOLE, is_summed=True),
        SheetColumn("职工数日期", lambda row: row.as_of, CellKind.DAY),
        SheetColumn("最近提醒", lambda row: row.reminded_on, CellKind.DAY),
    ),
)

UNSIGNED = todo_of_list(
    "coverage_unsigned", "{} 家企业的职工数还没有签认", GAPS, GapFilter(status="unsigned"), {Role.ENTERPRISE_REVIEWER}
)
"""Asked of the enterprise itself, until it has said it once."""


# --- people -----------------------------------------------------------------------------------------------------------

PEOPLE = cast(Table, Person.__table__)


class AbsentFilter(ListFilter):
    """Who of an enterprise was at no session of a period."""

    union: UUID | None = None
    period: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=50)] = ""


@dataclass(frozen=True, slots=True)
class AbsentRow:
    """A person; the number is masked."""

    name: str
    phone: str
    enterprise: str
    team: str


def _enterprise(asked: Request[AbsentFilter]) -> list[Scope]:
    """One enterprise at a time: the one chosen, or one's own."""
    return [
        scope
        for scope in scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)
        if scope.column == OWN_COLUMN[Level.ENTERPRISE]
    ]


def _narrow_people(asked: Request[AbsentFilter]) -> list[ColumnElement[bool]]:
    period = find_period(list_periods(asked.session), asked.filters.period)
    if period is None:
        return [false()]
    was_there = exists().where(
        Attendance.person_id == PEOPLE.c.id, Attendance.is_counted.is_(True),
        Attendance.held_on.between(period.starts_on, period.ends_on),
    )  # fmt: skip
    words = [PEOPLE.c.name_key.contains(search_key(word), autoescape=True) for word in asked.filters.q.split()]
    return [PEOPLE.c.is_active.is_(True), ~was_there, *words]


def _people_controls(asked: Request[AbsentFilter]) -> list[Control]:
    filters, periods = asked.filters, list_periods(asked.session)
    found = find_period(periods, filters.period)
    chosen = filters.model_copy(update={"period": found.id if found else None})
    return [
        choice_control(chosen, "period", "时段", {each.id: each.name for each in periods}),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        search_control(filters, "q", "搜索姓名"),
    ]


def _describe_people(asked: Request[AbsentFilter], rows: Sequence[Any]) -> list[AbsentRow]:
    names = union_names(asked.session, {each for row in rows for each in (row.enterprise_id, row.team_id)})
    return [
        AbsentRow(
            row.name or "未填姓名", mask_phone(row.phone) or "", name_of(names, row.enterprise_id) or "",
            name_of(names, row.team_id) or "",
        )
        for row in rows
    ]  # fmt: skip


ABSENT: Listing[AbsentFilter, AbsentRow] = Listing(
    name="coverage_absent",
    title="未参训职工",
    ledger="未参训名单",
    path="/console/coverage/absent",
    filters=AbsentFilter,
    table=PEOPLE,
    source=select(PEOPLE),
    order=Order((PEOPLE.c.id,), (UUID,)),
    order_texts=("先加入的在前", "后加入的在前"),
    scopes=_enterprise,
    narrow=_narrow_people,
    controls=_people_controls,
    describe=_describe_people,
    place_names=("union", "period"),
    lacks={"days": "a period is chosen instead"},
    sheet=(
        SheetColumn("姓名", lambda row: row.name, width=12),
        SheetColumn("电话", lambda row: row.phone, width=16),
        SheetColumn("单位", lambda row: row.enterprise, width=32),
        SheetColumn("班组", lambda row: row.team, width=20),
    ),
)
