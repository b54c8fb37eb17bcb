"""Lists of schemes, of runs, and of units with their scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, exists, or_, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import CampaignFilter, Control, ListFilter, flag_control, search_control, union_control
from server.kit.keyset import Order, newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import Scope, name_of, scopes_of, union_choices, union_names
from server.kit.todos import todo_of_list
from server.kit.use import Use, tabs_of_use
from server.oversight.assessment.models import AssessedUnit, Assessment, AssessmentStatus, Objection, SchemeRecord
from server.oversight.assessment.permissions import MAY_ASSESS, MAY_READ, MAY_SEE_SCHEMES
from server.oversight.assessment.queries import RELEASED, in_reach, own_unions, sees_all
from server.oversight.assessment.texts import STATUS_NAMES, say
from server.unions.tree.models import Union

SCHEME, RUN, UNIT, UNION = (
    cast(Table, model.__table__) for model in (SchemeRecord, Assessment, AssessedUnit, Union)
)  # fmt: skip
S = AssessmentStatus
NO_GROUP = "-"
"""In an address, of those who belong to no group of peers: nothing at all would not narrow."""
Search = Annotated[Line, StringConstraints(max_length=100)]


# --- schemes ----------------------------------------------------------------------------------------------------------


class SchemeFilter(ListFilter):
    """What to show."""

    status: Annotated[Line, StringConstraints(max_length=20)] = Use.ACTIVE
    q: Search = ""


@dataclass(frozen=True, slots=True)
class SchemeRow:
    """One line."""

    href: str
    title: str
    about: str
    union_name: str
    item_count: int
    edited_at: datetime


def _narrow_schemes(asked: Request[SchemeFilter]) -> list[ColumnElement[bool]]:
    words = [SCHEME.c.title.icontains(word, autoescape=True) for word in asked.filters.q.split()]
    return [in_reach(asked.actor), *words]


def _describe_schemes(asked: Request[SchemeFilter], rows: Sequence[Any]) -> list[SchemeRow]:
    names = union_names(asked.session, {row.union_id for row in rows})
    return [
        SchemeRow(
            f"/console/assessments/schemes/{row.id}", row.title, row.about, name_of(names, row.union_id) or "",
            row.item_count, row.edited_at,
        )
        for row in rows
    ]  # fmt: skip


SCHEMES: Listing[SchemeFilter, SchemeRow] = Listing(
    name="assessment_schemes",
    title="考核方案",
    ledger="考核方案清单",
    path="/console/assessments/schemes",
    filters=SchemeFilter,
    table=SCHEME,
    source=select(SCHEME),
    order=newest_first(SCHEME.c.id),
    scopes=None,
    narrow=_narrow_schemes,
    controls=lambda asked: [search_control(asked.filters, "q", "方案名称")],
    describe=_describe_schemes,
    tabs=tabs_of_use(SCHEME.c.is_active),
    lacks={"days": "a scheme is looked for by its name", "union": "there are only those of one's own union and above"},
    sheet=(
        SheetColumn("名称", lambda row: row.title, width=40),
        SheetColumn("工会", lambda row: row.union_name, width=28),
        SheetColumn("项目数", lambda row: row.item_count, CellKind.WHOLE),
        SheetColumn("用途", lambda row: row.about, width=40),
        SheetColumn("最近修改", lambda row: row.edited_at, CellKind.MOMENT),
    ),
)


# --- runs -------------------------------------------------------------------------------------------------------------


class RunFilter(CampaignFilter):
    """What to show. `asked`: what another asked to call off, and the actor has to agree or not."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    union: UUID | None = None
    asked: bool = False
    q: Search = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One line."""

    href: str
    title: str
    union_name: str
    since: date
    until: date
    status_text: str
    opened_at: datetime


def _narrow_runs(asked: Request[RunFilter]) -> list[ColumnElement[bool]]:
    conditions = [RUN.c.title.icontains(word, autoescape=True) for word in asked.filters.q.split()]
    if asked.filters.asked:
        conditions += [RUN.c.cancel_asked_at.is_not(None), RUN.c.status != S.CANCELLED]
        conditions.append(RUN.c.cancel_asked_by_id.not_in(asked.actor.own_ids))
    return conditions


def _run_scopes(asked: Request[RunFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_SEE_SCHEMES, asked.filters.union)


def _run_controls(asked: Request[RunFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_SEE_SCHEMES, asked.filters.union)
    is_asked = flag_control(asked.filters, "asked", "申请取消、等另一位定的")
    return [union_control(choices), is_asked, search_control(asked.filters, "q", "考核名称")]


def _describe_runs(asked: Request[RunFilter], rows: Sequence[Any]) -> list[RunRow]:
    names = union_names(asked.session, {row.sender_id for row in rows})
    return [
        RunRow(
            f"/console/assessments/{row.id}", row.title, name_of(names, row.sender_id) or "", row.since, row.until,
            STATUS_NAMES[row.status], row.opened_at,
        )
        for row in rows
    ]  # fmt: skip


_ENDED = (S.FINAL, S.ARCHIVED, S.CANCELLED)
RUNS: Listing[RunFilter, RunRow] = Listing(
    name="assessments",
    title="考核",
    path="/console/assessments",
    filters=RunFilter,
    table=RUN,
    source=select(RUN),
    order=newest_first(RUN.c.id),
    scopes=_run_scopes,
    narrow=_narrow_runs,
    campaign=RUN.c.campaign_id,
    controls=_run_controls,
    describe=_describe_runs,
    tabs=(
        Tab("", "全部"),
        Tab("running", "进行中", ((RUN.c.status.not_in(_ENDED),),)),
        Tab("ended", "已结束", ((RUN.c.status.in_(_ENDED),),)),
    ),
    lacks={"days": "there are a few a year"},
    sheet=(
        SheetColumn("名称", lambda row: row.title, width=40),
        SheetColumn("考核单位", lambda row: row.union_name, width=28),
        SheetColumn("从", lambda row: row.since, CellKind.DAY),
        SheetColumn("到", lambda row: row.until, CellKind.DAY),
        SheetColumn("进展", lambda row: row.status_text, width=12),
        SheetColumn("开始时间", lambda row: row.opened_at, CellKind.MOMENT),
    ),
)


# --- units ------------------------------------------------------------------------------------------------------------


class UnitFilter(ListFilter):
    """What to show: of one run or of all, of a group of peers. `objected`: what waits for the actor's own unions to
    answer."""

    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    peer: Annotated[Line, StringConstraints(max_length=30)] | None = None
    run: UUID | None = None
    union: UUID | None = None
    objected: bool = False
    q: Search = ""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line."""

    href: str
    name: str
    run: str
    run_status: str
    state: str
    total: str
    rank: str
    band: str
    signals: int
    has_objection: bool


def _unit_scopes(asked: Request[UnitFilter]) -> list[Scope]:
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


def _waits_for(asked: Request[UnitFilter]) -> list[ColumnElement[bool]]:
    if not asked.filters.objected:
        return []
    unanswered = exists().where(Objection.unit_id == UNIT.c.id, Objection.answered_at.is_(None))
    return [unanswered, RUN.c.sender_id.in_(own_unions(asked.actor)), RUN.c.status != S.CANCELLED]


def _narrow_units(asked: Request[UnitFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    words = [UNION.c.name.icontains(word, autoescape=True) for word in filters.q.split()]
    one = [UNIT.c.assessment_id == filters.run] if filters.run is not None else []
    one += [UNIT.c.peer == filters.peer.removeprefix(NO_GROUP)] if filters.peer is not None else []
    return [or_(sees_all(asked.actor), RUN.c.status.in_(RELEASED)), *one, *words, *_waits_for(asked)]


def _unit_controls(asked: Request[UnitFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    objected = flag_control(asked.filters, "objected", "异议等答复的")
    return [union_control(choices), objected, search_control(asked.filters, "q", "单位名称")]


def unit_state(row: Any) -> str:
    """How far a unit is: of a row of the table, or of its list."""
    if row.result is not None:
        return "已计分"
    if row.spot_checked_at is not None:
        return "已抽查核分"
    if row.checked_at is not None:
        return "已初审，待抽查" if row.place else "已初审"
    return "待初审" if row.response_id is not None else "待初审（没有交自评）"


def _describe_unit(row: Any, *, has_objection: bool) -> UnitRow:
    """What is being scored anew shows no score."""
    is_stale = row.rescores_done < row.rescores_asked
    total = "" if is_stale or row.total_hundredths is None else say(Decimal(row.total_hundredths) / 100)
    return UnitRow(
        f"/console/assessments/units/{row.id}", row.name, row.title, STATUS_NAMES[row.status],
        "正在重算" if is_stale else unit_state(row), total, "" if is_stale else str(row.rank or ""),
        "" if is_stale else row.band, len(row.signals), has_objection,
    )  # fmt: skip


def _describe_units(asked: Request[UnitFilter], rows: Sequence[Any]) -> list[UnitRow]:
    ids = [row.id for row in rows]
    open_ones = set(
        asked.session.scalars(
            select(Objection.unit_id).where(Objection.unit_id.in_(ids), Objection.answered_at.is_(None))
        )
    )
    return [_describe_unit(row, has_objection=row.id in open_ones) for row in rows]


UNITS: Listing[UnitFilter, UnitRow] = Listing(
    name="assessed_units",
    title="考核得分",
    path="/console/assessments/units",
    filters=UnitFilter,
    table=UNIT,
    source=(
        select(UNIT, RUN.c.title, RUN.c.status, RUN.c.rescores_asked, RUN.c.rescores_done, UNION.c.name)
        .join(RUN, RUN.c.id == UNIT.c.assessment_id)
        .join(UNION, UNION.c.id == UNIT.c.union_id)
    ),
    order=newest_first(UNIT.c.id),
    scopes=_unit_scopes,
    narrow=_narrow_units,
    controls=_unit_controls,
    describe=_describe_units,
    tabs=(
        Tab("", "全部"),
        Tab("ranked", "按名次", ((UNIT.c.rank.is_not(None),),), order=Order((UNIT.c.rank, UNIT.c.id), (int, UUID))),
    ),
    place_names=("run", "peer"),
    lacks={"days": "runs have days, not the units in them"},
    sheet=(
        SheetColumn("单位", lambda row: row.name, width=32),
        SheetColumn("考核", lambda row: row.run, width=32),
        SheetColumn("进展", lambda row: row.run_status, width=12),
        SheetColumn("核分", lambda row: row.state, width=16),
        SheetColumn("得分", lambda row: row.total, width=10),
        SheetColumn("组内名次", lambda row: row.rank, width=10),
        SheetColumn("等次", lambda row: row.band, width=12),
    ),
)

OBJECTIONS_TODO = todo_of_list(
    "assessment_objections", "{} 家对考核得分有异议，等本级答复", UNITS, UnitFilter(objected=True), MAY_ASSESS
)
CANCELS_TODO = todo_of_list(
    "assessment_cancels", "{} 次考核申请取消，等您来定", RUNS, RunFilter(asked=True), MAY_ASSESS
)
