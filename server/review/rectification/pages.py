"""The statements behind the list. Each part is answered from one index: one status, one scope column, by deadline.

A tab of several statuses, or somebody with roles at several unions, gets one such part per pair, each limited, and what
they find sorted again: never an OR, which would make both databases read and sort the whole scope.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import product
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, literal, select, tuple_, union_all

from server.core.errors import Invalid
from server.core.web import cursors
from server.kit.scope import Scope
from server.review.rectification.filters import STATUSES_OF, RectificationFilter, Tab
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyStatus as Status

COUNT_CAP = 1000
COUNTED = (Tab.OVERDUE, Tab.ASKED, *(Tab(status.value) for status in Status))
NEWEST_FIRST = frozenset({Tab.CLOSED, Tab.VOIDED})

TABLE = cast(Table, Rectification.__table__)
Key = tuple[datetime, UUID]


def page_statement(
    scopes: Sequence[Scope], filters: RectificationFilter, now: datetime, *, limit: int, key: Key | None = None
) -> Select[Any]:
    """Up to `limit` rows after `key`."""
    descending = filters.status in NEWEST_FIRST
    order = (TABLE.c.due_at, TABLE.c.id)
    narrowed = _conditions(filters, now)
    if key is not None:
        here = tuple_(*order)
        there = tuple_(*(literal(part, column.type) for part, column in zip(key, order, strict=True)))
        narrowed.append(here < there if descending else here > there)
    parts = [
        select(TABLE)
        .where(TABLE.c.status == status, TABLE.c[scope.column] == scope.union_id, *narrowed)
        .order_by(*_directed(order, descending=descending))
        .limit(limit)
        for status, scope in product(STATUSES_OF[filters.status], scopes)
    ]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    again = _directed((merged.c.due_at, merged.c.id), descending=descending)
    return select(merged).order_by(*again).limit(limit)


def _directed(columns: Sequence[ColumnElement[Any]], *, descending: bool) -> list[ColumnElement[Any]]:
    return [column.desc() if descending else column.asc() for column in columns]


def _conditions(filters: RectificationFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.status is Tab.OVERDUE:
        conditions.append(TABLE.c.due_at < now)
    if filters.status is Tab.ASKED:
        conditions.append(TABLE.c.asked_days.is_not(None))
    if filters.category is not None:
        conditions.append(TABLE.c.category == filters.category)
    if filters.grade is not None:
        conditions.append(TABLE.c.grade == filters.grade)
    return conditions


def parse_cursor(cursor: str) -> Key:
    """Raises Invalid for a cursor that is not ours."""
    due_at, row_id = cast(Key, cursors.decode(cursor, datetime, UUID))
    if not 2000 <= due_at.year < 2200:
        raise Invalid("翻页位置无效，请从第一页重新开始。", code="bad_cursor")
    return due_at, row_id


def cursor_of(row: Any) -> str:
    """Where the page after `row` begins."""
    return cursors.encode(row.due_at, row.id)


def counts_statement(scopes: Sequence[Scope], now: datetime) -> tuple[Select[Any], dict[str, object]]:
    """A statement and its parameters. One row: how many in each counted tab, each up to COUNT_CAP."""
    parameters = {f"union_{number}": scope.union_id for number, scope in enumerate(scopes)}
    return _counts_over(tuple(scope.column for scope in scopes)), {**parameters, "now": now}


@lru_cache(maxsize=64)
def _counts_over(columns: tuple[str, ...]) -> Select[Any]:
    """Built once for each choice of scope columns: building it takes longer than asking it."""
    late = TABLE.c.due_at < bindparam("now", type_=TABLE.c.due_at.type)
    extra: dict[Tab, list[ColumnElement[bool]]] = {Tab.OVERDUE: [late], Tab.ASKED: [TABLE.c.asked_days.is_not(None)]}
    scopes = [
        TABLE.c[column] == bindparam(f"union_{number}", type_=TABLE.c[column].type)
        for number, column in enumerate(columns)
    ]
    counts: list[ColumnElement[Any]] = []
    for tab in COUNTED:
        parts = [
            select(TABLE.c.id)
            .where(TABLE.c.status == status, scope, *extra.get(tab, []))
            .order_by(TABLE.c.due_at, TABLE.c.id)
            .limit(COUNT_CAP)
            for status, scope in product(STATUSES_OF[tab], scopes)
        ]
        found = parts[0] if len(parts) == 1 else union_all(*(select(part.subquery()) for part in parts))
        counts.append(select(func.count()).select_from(found.subquery()).scalar_subquery().label(tab.value))
    statement: Select[Any] = select(*counts)
    return statement
