"""The list of reports, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Table, or_, select

from server.core.web.schemas import Line
from server.kit.filters import (
    CampaignFilter,
    Control,
    DatedFilter,
    day_controls,
    equal,
    holds,
    search_control,
    select_control,
    union_control,
    within_days,
)
from server.kit.keyset import newest_first
from server.kit.listing import Listing, Request
from server.kit.scope import scopes_of, union_choices, union_names
from server.reports.bulletins.models import Bulletin, BulletinKind
from server.reports.bulletins.permissions import MAY_READ
from server.reports.bulletins.texts import KIND_NAMES

TABLE = cast(Table, Bulletin.__table__)
PATH = "/console/bulletins"


class BulletinFilter(CampaignFilter, DatedFilter):
    """What to show, and of which days of issue."""

    kind: BulletinKind | None = None
    union: UUID | None = None
    q: Annotated[Line, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    href: str
    number: str
    kind_name: str
    title: str
    union_name: str
    days: str
    issued_at: datetime
    is_corrected: bool
    corrects: str  # the number of the one that it corrects


def _narrow(asked: Request[BulletinFilter]) -> list[ColumnElement[bool]]:
    filters = asked.filters
    conditions = equal(TABLE, filters, "kind") + within_days(TABLE.c.issued_at, filters)
    for word in filters.q.split():
        found = (holds(column, word) for column in (TABLE.c.title, TABLE.c.number))
        conditions.append(or_(*found))
    return conditions


def _controls(asked: Request[BulletinFilter]) -> list[Control]:
    filters = asked.filters
    return [
        select_control(filters, "kind", "种类", KIND_NAMES),
        union_control(union_choices(asked.session, asked.actor, MAY_READ, filters.union)),
        *day_controls(filters, "生成"),
        search_control(filters, "q", "搜索标题、文号"),
    ]


def _describe(asked: Request[BulletinFilter], rows: Sequence[Any]) -> list[Row]:
    names = union_names(asked.session, {row.union_id for row in rows})
    links = asked.session.execute(
        select(TABLE.c.id, TABLE.c.corrects_id, TABLE.c.number).where(
            or_(
                TABLE.c.id.in_([row.corrects_id for row in rows if row.corrects_id is not None]),
                TABLE.c.corrects_id.in_([row.id for row in rows]),
            )
        )
    ).all()
    numbers, corrected = {each.id: each.number for each in links}, {each.corrects_id for each in links}
    return [
        Row(
            href=f"{PATH}/{row.id}",
            number=row.number,
            kind_name=KIND_NAMES[row.kind],
            title=row.title,
            union_name=names[row.union_id].name,
            days=f"{row.since} 至 {row.until}",
            issued_at=row.issued_at,
            is_corrected=row.id in corrected,
            corrects=numbers.get(row.corrects_id, ""),
        )
        for row in rows
    ]


BULLETINS: Listing[BulletinFilter, Row] = Listing(
    name="bulletins",
    title="月报和简报",
    path=PATH,
    filters=BulletinFilter,
    table=TABLE,
    source=select(TABLE),
    campaign=TABLE.c.campaign_id,
    order=newest_first(TABLE.c.id),
    scopes=lambda asked: scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union),
    narrow=_narrow,
    controls=_controls,
    describe=_describe,
)
