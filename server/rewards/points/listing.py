"""The ledger of points: transfers about submissions in somebody's subtrees, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, case, select

from server.core.sheets import CellKind, SheetColumn
from server.core.web.schemas import Line
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    search_control,
    union_control,
    within_days,
)
from server.kit.keyset import ByDay, newest_first
from server.kit.keyset import Part as Piece
from server.kit.listing import Listing, Request, Tab
from server.kit.scope import WIDE_COLUMNS, Names, area_of, name_of, scopes_of, union_choices, union_names
from server.review.search.queries import meant_by
from server.review.submissions.anonymity.identity import ANONYMOUS, may_see_traces, shown_moment
from server.review.submissions.anonymity.parts import Part, find_unnamed
from server.review.submissions.models import ARRIVED, Submission
from server.rewards.points.models import PointsTransfer
from server.rewards.points.permissions import MAY_READ
from server.unions.people.models import Person
from server.unions.tree.rules import ANCESTOR_COLUMNS

TRANSFERS, PEOPLE = cast(Table, PointsTransfer.__table__), cast(Table, Person.__table__)
SUBMISSIONS = cast(Table, Submission.__table__)
_REVERSALS = TRANSFERS.alias("reversal")


class PointsFilter(CampaignFilter, DatedFilter):
    """What to show, and of which days. Nobody's name: who looks for one would find their anonymous reports."""

    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ledger, as its viewer may know it."""

    id: UUID
    at: datetime
    day_only: bool
    name: str
    amount: int
    reason: str
    submission_id: UUID
    number: str
    excerpt: str
    unit: str
    area: str
    is_countered: bool
    is_counter: bool


SOURCE = (
    select(
        TRANSFERS.c.id,
        TRANSFERS.c.at,
        TRANSFERS.c.person_id,
        TRANSFERS.c.submission_id,
        TRANSFERS.c.reason,
        TRANSFERS.c.reverses_id,
        # What a transfer brought the person: a credit adds, its counter-entry takes away.
        case((TRANSFERS.c.reverses_id.is_(None), TRANSFERS.c.amount), else_=-TRANSFERS.c.amount).label("amount"),
        PEOPLE.c.name,
        select(_REVERSALS.c.id).where(_REVERSALS.c.reverses_id == TRANSFERS.c.id).exists().label("is_countered"),
        *(SUBMISSIONS.c[name] for name in ("number", "excerpt", "is_anonymous", "disclosed_at", *ANCESTOR_COLUMNS)),
    )
    .select_from(TRANSFERS)
    .join(SUBMISSIONS, SUBMISSIONS.c.id == TRANSFERS.c.submission_id)
    .join(PEOPLE, PEOPLE.c.id == TRANSFERS.c.person_id)
)


def _subtree(column: str, union_id: Any) -> Sequence[Piece]:
    """Of an enterprise, what is about its submissions: few beside the ledger, which would be looked through for them.
    A town stands in the ledger. Of more than that, the ledger itself."""
    if column == "town_id":
        return ((TRANSFERS.c.town_id == union_id,),)
    if column != "enterprise_id":
        return ((SUBMISSIONS.c[column] == union_id,),)
    theirs = SUBMISSIONS.alias("theirs")
    found = select(theirs.c.id).where(theirs.c.enterprise_id == union_id, ARRIVED)
    return ((TRANSFERS.c.submission_id.in_(found),),)


def _controls(asked: Request[PointsFilter]) -> list[Control]:
    choices = union_choices(asked.session, asked.actor, MAY_READ, asked.filters.union)
    return [
        union_control(choices),
        *day_controls(asked.filters, "入账"),
        search_control(asked.filters, "q", "搜索说明、地点、单位、编号"),
    ]


def _narrow(asked: Request[PointsFilter]) -> list[ColumnElement[bool]]:
    conditions = within_days(TRANSFERS.c.at, asked.filters)
    return conditions + meant_by(asked.session, asked.actor, SUBMISSIONS.c.id, asked.filters.q)


def _describe(asked: Request[PointsFilter], rows: Sequence[Any]) -> list[Row]:
    parts = {Part(row.submission_id, row.person_id) for row in rows}
    unnamed = find_unnamed(asked.session, parts, asked.actor)
    names = union_names(asked.session, {getattr(row, column) for row in rows for column in ANCESTOR_COLUMNS})
    return [_row(asked, row, Part(row.submission_id, row.person_id) in unnamed, names) for row in rows]


def _row(asked: Request[PointsFilter], row: Any, is_unnamed: bool, names: Names) -> Row:
    return Row(
        id=row.id,
        at=shown_moment(asked.actor, row, row.at),
        day_only=not may_see_traces(asked.actor, row),
        name=ANONYMOUS if is_unnamed else row.name or "未填姓名",
        amount=row.amount,
        reason=row.reason,
        submission_id=row.submission_id,
        number=row.number or "",
        excerpt=row.excerpt,
        unit=name_of(names, row.enterprise_id) or "",
        area=area_of(names, row),
        is_countered=row.is_countered,
        is_counter=row.reverses_id is not None,
    )


SHEET: tuple[SheetColumn[Row], ...] = (
    SheetColumn("日期", lambda row: row.at, CellKind.DAY),
    SheetColumn("职工", lambda row: row.name, width=14),
    SheetColumn("单位", lambda row: row.unit, width=28),
    SheetColumn("区域", lambda row: row.area, width=22),
    SheetColumn("积分", lambda row: row.amount, CellKind.WHOLE, is_summed=True),
    SheetColumn("原因", lambda row: row.reason, width=24),
    SheetColumn("已冲正", lambda row: "是" if row.is_countered else "", width=10),
    SheetColumn("编号", lambda row: row.number),
    SheetColumn("来自", lambda row: row.excerpt, width=40),
)

POINTS: Listing[PointsFilter, Row] = Listing(
    name="points",
    title="积分",
    ledger="积分明细表",
    path="/console/points",
    filters=PointsFilter,
    table=SUBMISSIONS,
    source=SOURCE,
    order=newest_first(TRANSFERS.c.id),
    scopes=lambda asked: scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union),
    subtree=_subtree,
    narrow=_narrow,
    campaign=TRANSFERS.c.campaign_id,
    by_day=lambda _: ByDay((TRANSFERS.c.at, TRANSFERS.c.id), scopes=WIDE_COLUMNS),
    controls=_controls,
    describe=_describe,
    sheet=SHEET,
    tabs=(Tab("", "全部", is_counted=False),),  # a small scope would be looked for through the whole ledger
)
