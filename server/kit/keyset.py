"""Pages by key and capped counts, each read off an index whatever the size of the table.

A list is put together from parts: one per subtree that somebody sees, and per piece of the tab (such as one status of
several). Each part compares one scope column and is limited by itself; what they find is sorted again. Never an OR:
both databases would read and sort the whole scope.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    Date,
    Join,
    Select,
    Subquery,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.type_api import TypeEngine
from sqlalchemy.sql.visitors import InternalTraversal, iterate

from server.core.errors import Invalid
from server.core.web import cursors

COUNT_CAP = 1000
"""Where counting stops: nobody acts differently on 1,000 and 10,000."""
ALONG = 100_000
"""Up to where rows are counted in their order."""
SAMPLE = 2000
"""How many rows are looked at where conditions stand in no index: what is rare among a million would be looked for in
all of them, once for every tab."""

Key = tuple[Any, ...]
Part = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, eq=False)
class Order:
    """How a list is sorted: along an index that ends with a unique column. `kinds` are the types of the columns."""

    columns: tuple[ColumnElement[Any], ...]
    kinds: tuple[type, ...]
    descending: bool = False

    @cached_property
    def reversed(self) -> "Order":
        """The same rows from the other end."""
        return Order(self.columns, self.kinds, not self.descending)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(column.key) for column in self.columns)

    @property
    def is_joined(self) -> bool:
        """Whether the columns are of several tables: no index knows both, so that of the first one begins at the key
        only if the bound of its column is said by itself."""
        parts = (part for each in self.columns for part in iterate(each))
        return len({part.table for part in parts if isinstance(part, Column)}) > 1

    def beyond(self, key: Key, *, back: bool) -> ColumnElement[bool]:
        """After the key, before it when `back`."""
        here = tuple_(*self.columns)
        pairs = zip(key, self.columns, strict=True)  # of values, or of the parameters that stand for them
        parts = [part if isinstance(part, ColumnElement) else literal(part, column.type) for part, column in pairs]
        is_lower = self.descending is not back
        beyond = here < tuple_(*parts) if is_lower else here > tuple_(*parts)
        if not self.is_joined:
            return beyond
        first = self.columns[0]
        return and_(first <= parts[0] if is_lower else first >= parts[0], beyond)

    def clauses(self, columns: Sequence[ColumnElement[Any]], *, back: bool) -> list[ColumnElement[Any]]:
        """What to sort `columns` by."""
        return [column.desc() if self.descending is not back else column.asc() for column in columns]

    def key_of(self, row: Any) -> Key:
        """The place of a row in the list."""
        return tuple(getattr(row, name) for name in self.names)

    def cursor(self, row: Any) -> str:
        """Where the page after `row` begins, or the one before it ends."""
        return cursors.encode(*self.key_of(row))

    def parse(self, cursor: str) -> Key:
        """Raises Invalid for a cursor of another order."""
        key = cursors.decode(cursor, *self.kinds)
        if any(isinstance(part, datetime) and not 2000 <= part.year < 2200 for part in key):  # not made by us
            raise Invalid("翻页位置无效，请从第一页重新开始。", code="bad_cursor")
        return key


@dataclass(frozen=True, slots=True, eq=False)
class ByDay:
    """How a list is read that is narrowed to days it is not sorted by: along an index of those days (`columns`: the
    day or the moment, and the id of the row), for all that is newer would be looked through. `pieces` are those of tabs
    that have none, where the index begins with them.

    `scopes`: the scope columns that have such an index, None for all. Where exact times are kept from somebody, those
    alone whose viewers may know them: the order and the cursors tell what came before what.
    """

    columns: tuple[ColumnElement[Any], ...]
    pieces: tuple[Part, ...] = ((),)
    scopes: frozenset[str] | None = None

    def serves(self, scopes: Collection[str] | None) -> bool:
        """Whether subtrees of these columns have such an index; None stands for everything."""
        return self.scopes is None or (bool(scopes) and self.scopes.issuperset(scopes or ()))

    def order(self, usual: Order) -> Order:
        """In the direction of the usual order."""
        kind = date if isinstance(self.columns[0].type, Date) else datetime
        return Order(self.columns, (kind, UUID), usual.descending)

    def pieces_of(self, pieces: Sequence[Part], bounds: Part) -> tuple[Part, ...]:
        """The pieces of a tab within the days."""
        return tuple((*piece, *bounds) for piece in (self.pieces if tuple(pieces) == ((),) else pieces))


class InOrder(Join):
    """A join whose left side is read first, for an order that begins there. SQLite has no statistics here, takes every
    equality for a rare one, and would begin at the other side and sort all of it. PostgreSQL knows better."""

    inherit_cache = True


@compiles(InOrder, "sqlite")
def _cross(join: InOrder, compiler: Any, **options: Any) -> str:
    left, right = (compiler.process(side, **{**options, "asfrom": True}) for side in (join.left, join.right))
    on = compiler.process(join.onclause, **{name: options[name] for name in options if name != "asfrom"})
    return f"{left} CROSS JOIN {right} ON {on}"


class Unindexed(ColumnElement[Any]):
    """A column that SQLite is not to look up by an index: it has no statistics here, takes every IN for a narrow one,
    and would gather and sort a whole subtree rather than walk the list. PostgreSQL knows better."""

    inherit_cache = True
    _traverse_internals = [("column", InternalTraversal.dp_clauseelement)]

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column, self.type = column, column.type


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.column, **options))


@compiles(Unindexed, "sqlite")
def _with_a_plus(element: Unindexed, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.column, **options)}"


def newest_first(column: ColumnElement[Any]) -> Order:
    """By an id that grows with time."""
    return Order((column,), (UUID,), descending=True)


def parts_of(scopes: Sequence[Part], pieces: Sequence[Part]) -> list[Part]:
    """Every piece of every scope."""
    return [(*scope, *piece) for scope, piece in product(scopes, pieces)]


def page_statement(
    source: Select[Any],
    parts: Sequence[Part],
    order: Order,
    *,
    limit: int,
    key: Key | None = None,
    back: bool = False,
    is_disjoint: bool = True,
) -> Select[Any]:
    """Up to `limit` rows of `source` after `key`, or before it when `back` (nearest first). The parts are disjoint, or
    else what lies in several is shown once. Without parts there are no rows: somebody without a scope sees nothing."""
    if not parts:
        return source.where(false()).limit(0)
    if key is not None:
        source = source.where(order.beyond(key, back=back))
    limited = [source.where(*part).order_by(*order.clauses(order.columns, back=back)).limit(limit) for part in parts]
    if len(limited) == 1:
        return limited[0]
    merge = union_all if is_disjoint else union
    merged = merge(*map(_whole, limited)).subquery()
    columns = {name: _column_of(merged, name, each.type) for name, each in source.selected_columns.items()}
    again = order.clauses([columns[name] for name in order.names], back=back)
    return select(*columns.values()).order_by(*again).limit(limit)


def _whole(part: Select[Any]) -> Select[Any]:
    """All columns of a part, for SQLite limits no part of a union by itself. Not one by one: to make proxies of each
    column in each part takes longer than asking the database."""
    return select(literal_column("*")).select_from(part.subquery())


def _column_of(rows: Subquery, name: str, kind: TypeEngine[Any]) -> ColumnClause[Any]:
    """A column of what was put together from such parts."""
    column: ColumnClause[Any] = ColumnClause(name, kind)
    column.table = rows
    return column


def capped_count(
    source: Select[Any], parts: Sequence[Part], order: Order, *, cap: int = COUNT_CAP, is_disjoint: bool = True
) -> ColumnElement[int]:
    """How many rows the parts hold, each counted up to `cap`, as a scalar for the list of a select.

    Counted along the order: else a rare status might be looked for row by row in a wider index. But not where nearly
    all are counted anyhow: those that no index has in this order would be sorted in memory first.
    """
    along = order.clauses(order.columns, back=False) if cap <= ALONG else ()
    found = [source.with_only_columns(order.columns[-1]).where(*part).order_by(*along).limit(cap) for part in parts]
    if not found:
        return literal(0)
    merge = union_all if is_disjoint else union
    counted = found[0] if len(found) == 1 else merge(*map(_whole, found))
    return select(func.count()).select_from(counted.subquery()).scalar_subquery()


def sampled_counts(
    source: Select[Any],
    conditions: Part,
    tabs: Mapping[str, tuple[Sequence[Part], Order]],
    *,
    sample: int = SAMPLE,
    is_disjoint: bool = True,
) -> CompoundSelect[Any]:
    """A row per tab, given as its parts and their order: `tab`, `hits`, how many of the first `sample` rows of each
    part meet the conditions, and `seen`, how many were looked at."""
    hit = and_(true(), *conditions).label("hit")
    counts = []
    for name, (parts, order) in tabs.items():
        looked_at = [
            source.with_only_columns(order.columns[-1], hit).where(*part)
            .order_by(*order.clauses(order.columns, back=False)).limit(sample)
            for part in parts
        ]  # fmt: skip
        merge = union_all if is_disjoint else union
        rows = merge(*map(_whole, looked_at)).subquery()
        hits = func.count().filter(_column_of(rows, "hit", Boolean()))
        counts.append(
            select(literal(name).label("tab"), hits.label("hits"), func.count().label("seen")).select_from(rows)
        )
    return union_all(*counts)


def counts_among(
    source: Select[Any], found: Select[Any], tabs: Mapping[str, tuple[Sequence[Part], Part]]
) -> CompoundSelect[Any]:
    """A row per tab, given as its parts and what narrows them all: `tab`, `hits`, how many of the ids that were `found`
    lie in it, and `seen`, how many were found. For a few ids that another index gave: they alone are looked up."""
    ids = found.cte("found")
    key = source.selected_columns["id"]
    flags = [
        and_(or_(false(), *(and_(true(), *part) for part in parts)), *where).label(f"flag_{number}")
        for number, (parts, where) in enumerate(tabs.values())
    ]
    rows = source.where(key.in_(select(ids))).with_only_columns(key, *flags).cte("candidates")
    seen = select(func.count()).select_from(ids).scalar_subquery()
    return union_all(
        *(
            select(
                literal(name).label("tab"), func.count().filter(rows.c[f"flag_{number}"]).label("hits"),
                seen.label("seen"),
            ).select_from(rows)
            for number, name in enumerate(tabs)
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Turn:
    """The rows of a page in their order, and the cursors of the pages before and after it, None where there is none."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


def turn_page(found: Sequence[Any], order: Order, size: int, *, key: Key | None, back: bool) -> Turn:
    """The page of what a statement with the limit `size` + 1 found after `key`, or before it when `back`."""
    rows, more = found[:size], len(found) > size
    if back:
        rows = rows[::-1]
    has_previous, has_next = (more, True) if back else (key is not None, more)
    return Turn(
        rows,
        order.cursor(rows[0]) if rows and has_previous else None,
        order.cursor(rows[-1]) if rows and has_next else None,
    )


def count_text(count: int, cap: int = COUNT_CAP) -> str:
    """12, or 999+ where counting stopped."""
    return f"{cap - 1}+" if count >= cap else str(count)


def sample_text(hits: int, seen: int) -> str:
    """12, or 12+ where there may be more than those that were looked at; nothing to say where none of these counts."""
    if seen < SAMPLE or hits >= COUNT_CAP:
        return count_text(hits)
    return f"{hits}+" if hits else ""
