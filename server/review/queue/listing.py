"""The statements behind the queue. Each is answered from one index, whatever the size of the table.

Every statement spells out `status <> 'incomplete'` because that is the condition of the partial indexes; the kit
(keyset.py) puts one limited part per subtree together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, or_, select
from sqlalchemy.orm import Session

from server.kit import keyset
from server.kit.deadlines.calendar.working_days import due_after, end_of_today
from server.kit.keyset import COUNT_CAP, Key, Order, capped_count, newest_first, parts_of
from server.kit.listing import SavedView, TabView
from server.kit.scope import Choice, Scope
from server.review.queue.schemas import ALL, SHOWN, Due, QueueFilter
from server.review.queue.search.documents import matching
from server.review.safety.queries import held_condition
from server.review.submissions.kinds.registry import KindWords
from server.review.submissions.models import ARRIVED, Kind, Status, Submission
from server.unions.actor import Actor
from server.unions.roles import CONSOLE

NEWEST_FIRST = frozenset({Status.ACCEPTED, Status.DECLINED, Status.DUPLICATE, Status.WITHDRAWN})

TABLE = cast(Table, Submission.__table__)
COLUMNS = [
    TABLE.c[name]
    for name in (
        "id", "number", "kind", "status", "version", "campaign_id", "category", "excerpt", "place", "grade",
        "photos_expected", "cover_photo_id", "district_id", "town_id", "enterprise_id", "routed_union_id",
        "reporter_id", "claimed_by_id", "claimed_until", "created_at", "due_at", "city_id", "is_anonymous",
        "disclosed_at",
    )
]  # fmt: skip
SOURCE = select(*COLUMNS).where(ARRIVED, TABLE.c.due_at.is_not(None))  # else withdrawn before it arrived: not ours
BY_DEADLINE = Order((TABLE.c.due_at, TABLE.c.id), (datetime, UUID))
LATEST_FIRST = Order(BY_DEADLINE.columns, BY_DEADLINE.kinds, descending=True)
EVERYTHING = newest_first(TABLE.c.id)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the list. `claimed_by_name` only while the claim lasts; `area` reads like 市南区 · 八大湖街道.

    `is_held`: the content check found something that others may not see yet.
    `day_only`: the viewer may know the day it was sent and no more, and `created_at` is the beginning of that day.
    """

    id: UUID
    number: str
    href: str
    version: int
    kind: Kind
    words: KindWords
    status: Status
    status_text: str
    excerpt: str
    category: str
    category_name: str
    place: str
    area: str
    enterprise_name: str | None
    routed_name: str
    grade: int | None
    grade_name: str | None
    photos: int
    thumbnail_url: str | None
    is_anonymous: bool
    is_held: bool
    created_at: datetime
    day_only: bool
    due_at: datetime | None
    is_overdue: bool
    claimed_by_name: str | None
    claimed_by_me: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The list. `next_href` None on the last page; the two others None on the first. `query` are the filters as in the
    address, without page. `overdue` counts the queued past their deadline.
    """

    filters: QueueFilter
    query: str
    rows: Sequence[QueueRow]
    tabs: Sequence[TabView]
    overdue: str
    overdue_href: str
    previous_href: str | None
    next_href: str | None
    first_href: str | None
    saved: Sequence[SavedView]
    kinds: Sequence[Choice]
    unions: Sequence[Choice]
    categories: Sequence[Choice]
    grades: Sequence[Choice]
    dues: Sequence[Choice]
    is_filtered: bool
    clear_href: str


def order_of(filters: QueueFilter) -> Order:
    """The order that the filters ask for."""
    if filters.status == ALL:
        return EVERYTHING
    return LATEST_FIRST if filters.status in NEWEST_FIRST else BY_DEADLINE


def page_statement(
    session: Session,
    scopes: Sequence[Scope],
    filters: QueueFilter,
    actor: Actor,
    now: datetime,
    *,
    limit: int,
    key: Key | None = None,
    back: bool = False,
) -> Select[Any]:
    """Up to `limit` rows of COLUMNS from `key` on, or before it when `back` (nearest first)."""
    source = SOURCE.where(*_conditions(session, filters, actor, now))
    parts = [(TABLE.c[scope.column] == scope.union_id,) for scope in scopes]
    return keyset.page_statement(source, parts, order_of(filters), limit=limit, key=key, back=back)


def position_statement(
    session: Session, scopes: Sequence[Scope], filters: QueueFilter, actor: Actor, now: datetime, row: Any
) -> Select[Any]:
    """One row: how many come before `row` in the list, how many from it on, whether it is listed itself; each counted
    up to COUNT_CAP.
    """
    key = tuple(getattr(row, name) for name in order_of(filters).names)

    def count(statement: Select[Any]) -> ColumnElement[int]:
        return select(func.count()).select_from(statement.subquery()).scalar_subquery()

    before, after = (
        page_statement(session, scopes, filters, actor, now, limit=COUNT_CAP, key=key, back=back)
        for back in (True, False)
    )
    here = SOURCE.with_only_columns(TABLE.c.id).where(TABLE.c.id == row.id, *_conditions(session, filters, actor, now))
    listed = or_(*(here.where(TABLE.c[scope.column] == scope.union_id).exists() for scope in scopes))
    return select(count(before), count(after) + 1, select(listed).scalar_subquery())


def counts_statement(scopes: Sequence[Scope], now: datetime) -> tuple[Select[Any], dict[str, object]]:
    """A statement and its parameters. One row: per shown status how many, and how many of the queued are overdue, each
    counted up to COUNT_CAP.
    """
    parameters = {_union_parameter(number): scope.union_id for number, scope in enumerate(scopes)}
    return _counts_over(tuple(scope.column for scope in scopes)), {**parameters, "now": now}


@lru_cache(maxsize=64)
def _counts_over(columns: tuple[str, ...]) -> Select[Any]:
    """Built once for each choice of scope columns: building it takes longer than asking it."""
    wanted: dict[str, ColumnElement[bool]] = {status.value: TABLE.c.status == status for status in SHOWN}
    late = TABLE.c.due_at < bindparam("now", type_=TABLE.c.due_at.type)
    wanted[Due.OVERDUE.value] = (TABLE.c.status == Status.QUEUED) & late
    scopes = [
        (TABLE.c[column] == bindparam(_union_parameter(number), type_=TABLE.c[column].type),)
        for number, column in enumerate(columns)
    ]
    source = SOURCE.with_only_columns(TABLE.c.id)
    counts: list[ColumnElement[Any]] = [
        capped_count(source, parts_of(scopes, [(each,)]), BY_DEADLINE).label(name) for name, each in wanted.items()
    ]
    statement: Select[Any] = select(*counts)
    return statement


def _union_parameter(number: int) -> str:
    return f"union_{number}"


def _conditions(session: Session, filters: QueueFilter, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.status != ALL:
        conditions.append(TABLE.c.status == filters.status)
    if filters.kind is not None:
        conditions.append(TABLE.c.kind == filters.kind)
    if filters.category is not None:
        conditions.append(TABLE.c.category == filters.category)
    if filters.grade is not None:
        conditions.append(TABLE.c.grade == filters.grade)
    if filters.due is not None:
        conditions += _due(filters.due, now)
    if filters.mine:
        conditions += [TABLE.c.claimed_by_id == actor.person_id, TABLE.c.claimed_until > now]
    if filters.held:
        conditions.append(held_condition(TABLE.c.id))
    if filters.routed:
        conditions.append(
            TABLE.c.routed_union_id.in_([role_at.union_id for role_at in actor.roles if role_at.role in CONSOLE])
        )
    found = matching(session, filters.q)
    if found is not None:
        conditions.append(TABLE.c.id.in_(found))
    return conditions


def _due(due: Due, now: datetime) -> list[ColumnElement[bool]]:
    if due is Due.OVERDUE:
        return [TABLE.c.due_at < now]
    until = end_of_today(now) if due is Due.TODAY else due_after(now, 1)
    return [TABLE.c.due_at >= now, TABLE.c.due_at <= until]
