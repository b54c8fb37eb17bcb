"""The enterprises of plans, with who goes and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import Control, ListFilter, search_control, select_control
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import area_of, name_of, union_names
from server.oversight.supervision.models import Origin, Plan, PlanMember, PlanTeam, PlanUnit, RotaEntry
from server.oversight.supervision.queries import drawn_inspectors, is_visible
from server.oversight.supervision.texts import ORIGIN_NAMES
from server.oversight.visits.queries import visits_of_source
from server.oversight.visits.texts import STATUS_NAMES as VISIT_STATUS_NAMES
from server.unions.people.models import Person
from server.unions.tree.queries import is_named

TABLE = cast(Table, PlanUnit.__table__)
GOING = TABLE.c.dropped_at.is_(None)


class UnitFilter(ListFilter):
    """Of which plan, and what to show of it."""

    plan: UUID | None = None
    status: Annotated[Line, StringConstraints(max_length=20)] = ""
    origin: Origin | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    href: str
    name: str
    area: str
    plan_title: str
    origin_name: str
    who: str
    planned_on: date | None
    status_text: str
    chip: str
    visit_id: UUID | None
    reason: str


def _narrow(asked: Request[UnitFilter]) -> list[ColumnElement[bool]]:
    """Units of plans that the actor may see: who lies below does not know who comes."""
    filters = asked.filters
    conditions: list[ColumnElement[bool]] = [TABLE.c.plan_id.in_(select(Plan.id).where(is_visible(asked.actor)))]
    if filters.plan is not None:
        conditions.append(TABLE.c.plan_id == filters.plan)
    if filters.origin is not None:
        conditions.append(TABLE.c.origin == filters.origin)
    return conditions + is_named(TABLE.c.enterprise_id, filters.q)


def _controls(asked: Request[UnitFilter]) -> list[Control]:
    return [
        select_control(asked.filters, "origin", "怎么来的", ORIGIN_NAMES),
        search_control(asked.filters, "q", "搜索企业名称"),
    ]


def _describe(asked: Request[UnitFilter], rows: Sequence[Any]) -> list[Row]:
    session, found = asked.session, [row.id for row in rows]
    names = union_names(session, {each for row in rows for each in (row.enterprise_id, row.district_id, row.town_id)})
    plans = {
        row.id: row.title
        for row in session.execute(select(Plan.id, Plan.title).where(Plan.id.in_({row.plan_id for row in rows})))
    }
    who, visits = _who(asked, rows), visits_of_source(session, found)
    described = []
    for row in rows:
        visit = next(iter(visits[row.id]), None)
        if row.dropped_at is not None:
            status, chip = "不去了", "plain"
        elif visit is not None:
            status, chip = VISIT_STATUS_NAMES[visit.status], "ok" if visit.visited_on else "brand"
        else:
            status, chip = "还没安排", "warn"
        described.append(
            Row(f"/console/supervision/units/{row.id}", name_of(names, row.enterprise_id) or "", area_of(names, row),
                plans[row.plan_id], ORIGIN_NAMES[row.origin], who[row.id], row.planned_on, status, chip,
                visit.id if visit is not None else None, row.dropped_reason or row.over_cap_reason or "")
        )  # fmt: skip
    return described


def _who(asked: Request[UnitFilter], rows: Sequence[Any]) -> dict[UUID, str]:
    """The group, or those who were drawn, by unit."""
    session = asked.session
    teams = {row.team_id for row in rows if row.team_id is not None}
    position = select(PlanTeam.id, PlanTeam.position).where(PlanTeam.id.in_(teams))
    groups = {row.id: f"第{row.position}组" for row in session.execute(position)} if teams else {}
    drawn = drawn_inspectors(session, [row.id for row in rows])
    wanted = {each for those in drawn.values() for each in those}
    people: dict[UUID, str] = {}
    if wanted:
        named = select(PlanMember.id, PlanMember.words, Person.name).outerjoin(
            Person, Person.id == PlanMember.person_id
        )
        people = {row.id: row.name or row.words for row in session.execute(named.where(PlanMember.id.in_(wanted)))}
    sent = _sent_by_rota(asked, rows)
    return {
        row.id: "、".join(people[each] for each in drawn[row.id]) or groups.get(row.team_id) or sent.get(row.id, "")
        for row in rows
    }


def _sent_by_rota(asked: Request[UnitFilter], rows: Sequence[Any]) -> dict[UUID, str]:
    """The group that the rota of the plan sends to where an enterprise lies, by unit."""
    entries = asked.session.execute(
        select(RotaEntry.plan_id, RotaEntry.union_id, PlanTeam.position)
        .join(PlanTeam, PlanTeam.id == RotaEntry.team_id)
        .where(RotaEntry.plan_id.in_({row.plan_id for row in rows}))
    )
    groups = {(row.plan_id, row.union_id): f"第{row.position}组" for row in entries}
    return {
        row.id: groups[row.plan_id, above]
        for row in rows
        for above in (row.district_id, row.town_id)  # the town's takes the place of the district's
        if (row.plan_id, above) in groups
    }


UNIT_LIST: Listing[UnitFilter, Row] = Listing(
    name="supervision_units",
    title="受检企业",
    ledger="督导企业名单",
    path="/console/supervision/units",
    filters=UnitFilter,
    table=TABLE,
    source=select(TABLE),
    order=newest_first(TABLE.c.id),
    scopes=None,
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
    place_names=("plan",),
    tabs=(
        Tab("", "全部"),
        Tab("waiting", "还没安排", ((GOING, TABLE.c.opened_at.is_(None)),)),
        Tab("opened", "已安排", ((TABLE.c.opened_at.is_not(None),),)),
        Tab("dropped", "不去了", ((TABLE.c.dropped_at.is_not(None),),)),
    ),
    lacks={"days": "计划本身有日子", "union": "计划说了是哪个工会的"},
    sheet=(
        SheetColumn("企业", lambda row: row.name, width=32),
        SheetColumn("区市、镇街", lambda row: row.area, width=24),
        SheetColumn("计划", lambda row: row.plan_title, width=28),
        SheetColumn("怎么来的", lambda row: row.origin_name, width=10),
        SheetColumn("谁去", lambda row: row.who, width=24),
        SheetColumn("日期", lambda row: row.planned_on, CellKind.DAY),
        SheetColumn("进展", lambda row: row.status_text, width=12),
        SheetColumn("说明", lambda row: row.reason, width=30),
    ),
)
