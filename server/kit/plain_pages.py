"""The plain pages of a list of a million rows: a tab, its first page or a deep one, narrowed by nothing else, as most
are read.

Their statements are prepared, one for each tab, direction and choice of scope columns. To put one together for each
page, to look up what it compiled to and to send it through SQLAlchemy takes longer than the databases need to answer.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from server.core.db import UtcDateTime
from server.core.prepared import Prepared
from server.kit import keyset
from server.kit.keyset import Key, Order, Part
from server.kit.scope import Scope

if TYPE_CHECKING:
    from server.kit.listing import Listing, Tab

NOW = bindparam("now", type_=UtcDateTime())


@dataclass(frozen=True, slots=True)
class PlainPage:
    """What the statement of a plain page depends on. `columns`: those of the scopes."""

    listing: "Listing[Any, Any]"
    tab: "Tab"
    order: Order
    columns: tuple[str, ...]
    has_key: bool
    back: bool
    limit: int


def is_plain(listing: "Listing[Any, Any]", scopes: Sequence[Scope] | None, conditions: Part) -> bool:
    """Whether a page of the list is one."""
    return bool(listing.is_sampled and listing.is_lasting and scopes and not conditions)


def read_plain(session: Session, page: PlainPage, scopes: Sequence[Scope], key: Key | None, now: datetime) -> list[Any]:
    """Its rows, by the names of the source's columns."""
    statement, is_of_now, row = _prepare_page(page)
    values = _values(scopes, now if is_of_now else None)
    values |= {f"key_{number}": part for number, part in enumerate(key or ())}
    return [row(*found) for found in statement.execute(session.connection(), values)]


def count_plain(
    session: Session, listing: "Listing[Any, Any]", scopes: Sequence[Scope], now: datetime
) -> tuple[int, ...]:
    """How many rows each counted tab holds, in their order."""
    statement, is_of_now = _prepare_counts(listing, tuple(scope.column for scope in scopes))
    [counts] = statement.execute(session.connection(), _values(scopes, now if is_of_now else None))
    return counts


def _values(scopes: Sequence[Scope], now: datetime | None) -> dict[str, Any]:
    values: dict[str, Any] = {f"union_{number}": scope.union_id for number, scope in enumerate(scopes)}
    return values if now is None else values | {"now": now}


@lru_cache(maxsize=500)
def _prepare_page(page: PlainPage) -> tuple[Prepared, bool, Callable[..., Any]]:
    listing, tab, order = page.listing, page.tab, page.order
    key = tuple(bindparam(f"key_{at}", type_=column.type) for at, column in enumerate(order.columns))
    statement = keyset.page_statement(
        listing.source.where(*tab.where(NOW)), keyset.parts_of(bound_parts(listing, page.columns), tab.pieces), order,
        limit=page.limit, key=key if page.has_key else None, back=page.back, is_disjoint=listing.is_disjoint,
    )  # fmt: skip
    row = namedtuple("PlainRow", [str(column.key) for column in statement.selected_columns])  # type: ignore[misc]
    return Prepared(statement), _asks_for_now(statement), row


@lru_cache(maxsize=500)
def _prepare_counts(listing: "Listing[Any, Any]", columns: tuple[str, ...]) -> tuple[Prepared, bool]:
    statement = build_counts(listing, columns, ())
    return Prepared(statement), _asks_for_now(statement)


def _asks_for_now(statement: Select[Any]) -> bool:
    """Whether what a tab holds depends on the moment: many a tab's conditions do not."""
    return any(isinstance(each, BindParameter) and each.key == NOW.key for each in visitors.iterate(statement))


def build_counts(listing: "Listing[Any, Any]", columns: Sequence[str] | None, conditions: Part) -> Select[Any]:
    """One row: how many rows each counted tab holds, as `tab_0` and so on. None for a list that knows no tree."""
    scopes: Sequence[Part] = [()] if columns is None else bound_parts(listing, columns)
    counts: list[ColumnElement[Any]] = [
        keyset.capped_count(
            listing.source.where(*tab.where(NOW), *conditions), keyset.parts_of(scopes, tab.pieces),
            tab.order or listing.order, is_disjoint=listing.is_disjoint,
        ).label(f"tab_{number}")
        for number, tab in enumerate(listing.tabs) if tab.is_counted
    ]  # fmt: skip
    statement: Select[Any] = select(*counts)
    return statement


def bound_parts(listing: "Listing[Any, Any]", columns: Sequence[str]) -> list[Part]:
    """What subtrees are put together from whose unions are parameters: union_0 and so on."""
    return [
        part
        for number, column in enumerate(columns)
        for part in listing.within(column, bindparam(f"union_{number}", type_=listing.table.c[column].type))
    ]
