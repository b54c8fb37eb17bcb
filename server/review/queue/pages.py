"""The statements behind the queue. Each is answered from one index, whatever the size of the table.

Every statement spells out `status <> 'incomplete'` because that is the condition of the partial indexes, and compares
exactly one scope column. Somebody with roles at several unions gets one such statement per union, each limited, and
what they find sorted again: never an OR, which would make both databases read and sort the whole scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, literal, select, tuple_, union
from sqlalchemy.orm import Session

from server.core.errors import Invalid
from server.core.web import cursors
from server.kit.scope import Scope
from server.review.deadlines.calendar import due_after, end_of_today
from server.review.queue.schemas import ALL, SHOWN, Due, QueueFilter
from server.review.queue.search import matching
from server.review.safety.queries import held_condition
from server.review.submissions.models import ARRIVED, Status, Submission
from server.unions.actor import Actor
from server.unions.roles import CONSOLE

COUNT_CAP = 1000
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
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """How a page is sorted: by deadline within a status, by id (newest first) for all."""

    columns: tuple[ColumnElement[Any], ...]
    kinds: tuple[type, ...]
    descending: bool

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(column.key) for column in self.columns)

    def beyond(self, key: Key, *, back: bool) -> ColumnElement[bool]:
        """After the key, before it when `back`."""
        here = tuple_(*self.columns)
        there = tuple_(*(literal(part, column.type) for part, column in zip(key, self.columns, strict=True)))
        return here < there if self.descending is not back else here > there

    def clauses(self, columns: Sequence[ColumnElement[Any]], *, back: bool) -> list[ColumnElement[Any]]:
        return [column.desc() if self.descending is not back else column.asc() for column in columns]

    def cursor(self, row: Any) -> str:
        return cursors.encode(*(getattr(row, name) for name in self.names))

    def parse(self, cursor: str) -> Key:
        """Raises Invalid for a cursor of another order."""
        key = cursors.decode(cursor, *self.kinds)
        if any(isinstance(part, datetime) and not 2000 <= part.year < 2200 for part in key):  # not made by us
            raise Invalid("翻页位置无效，请从第一页重新开始。", code="bad_cursor")
        return key


def order_of(filters: QueueFilter) -> Order:
    """The order that the filters ask for."""
    if filters.status == ALL:
        return Order((TABLE.c.id,), (UUID,), descending=True)
    return Order((TABLE.c.due_at, TABLE.c.id), (datetime, UUID), descending=filters.status in NEWEST_FIRST)


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
    order = order_of(filters)
    narrowed = _conditions(session, filters, actor, now)
    if key is not None:
        narrowed.append(order.beyond(key, back=back))
    parts = [
        select(*COLUMNS)
        .where(TABLE.c[scope.column] == scope.union_id, ARRIVED, *narrowed)
        .order_by(*order.clauses(order.columns, back=back))
        .limit(limit)
        for scope in scopes
    ]
    if len(parts) == 1:
        return parts[0]
    merged = union(*(select(part.subquery()) for part in parts)).subquery()
    again = [merged.c[name] for name in order.names]
    return select(merged).order_by(*order.clauses(again, back=back)).limit(limit)


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
    here = [TABLE.c.id == row.id, ARRIVED, *_conditions(session, filters, actor, now)]
    found = [select(TABLE.c.id).where(TABLE.c[scope.column] == scope.union_id, *here) for scope in scopes]
    listed = found[0] if len(found) == 1 else union(*found)
    return select(count(before), count(after) + 1, select(listed.exists()).scalar_subquery())


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
        TABLE.c[column] == bindparam(_union_parameter(number), type_=TABLE.c[column].type)
        for number, column in enumerate(columns)
    ]
    counts: list[ColumnElement[Any]] = [_capped_count(scopes, each).label(name) for name, each in wanted.items()]
    statement: Select[Any] = select(*counts)
    return statement


def _union_parameter(number: int) -> str:
    return f"union_{number}"


def _capped_count(scopes: Sequence[ColumnElement[bool]], condition: ColumnElement[bool]) -> ColumnElement[int]:
    parts = [
        select(TABLE.c.id)
        .where(scope, ARRIVED, condition, TABLE.c.due_at.is_not(None))
        .order_by(TABLE.c.due_at, TABLE.c.id)  # or a rare status might be looked for row by row in a wider index
        .limit(COUNT_CAP)
        for scope in scopes
    ]
    found = parts[0] if len(parts) == 1 else union(*(select(part.subquery()) for part in parts))
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _conditions(session: Session, filters: QueueFilter, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [TABLE.c.due_at.is_not(None)]  # withdrawn before it ever arrived: not ours
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
        conditions.append(TABLE.c.routed_union_id.in_([held.union_id for held in actor.roles if held.role in CONSOLE]))
    found = matching(session, filters.q)
    if found is not None:
        conditions.append(TABLE.c.id.in_(found))
    return conditions


def _due(due: Due, now: datetime) -> list[ColumnElement[bool]]:
    if due is Due.OVERDUE:
        return [TABLE.c.due_at < now]
    until = end_of_today(now) if due is Due.TODAY else due_after(now, 1)
    return [TABLE.c.due_at >= now, TABLE.c.due_at <= until]
