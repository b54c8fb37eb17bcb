"""The rows of a list without its page: all of them, the first few, or how many there are."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select

from server.kit import keyset
from server.kit.filters import F
from server.kit.keyset import Key
from server.kit.listing import (
    Listing,
    Request,
    parts_within,
    read_along,
    rows_statement,
    scopes_for,
    visible_rows,
)
from server.kit.pages import R

CHUNK = 500


def walk_rows(listing: Listing[F, R], asked: Request[F]) -> Iterator[R]:
    """Every row of the filters, read in pieces of CHUNK."""
    scopes = scopes_for(listing, asked)
    listing, conditions = read_along(listing, asked, scopes)
    order = listing.order_of(asked.filters)
    key: Key | None = None
    while True:
        statement = rows_statement(listing, asked, scopes, conditions, limit=CHUNK, key=key)
        rows = asked.session.execute(statement).all()
        yield from listing.describe(asked, visible_rows(listing, asked, rows))
        if len(rows) < CHUNK:
            return
        key = order.key_of(rows[-1])


def count_rows(listing: Listing[F, R], asked: Request[F], cap: int) -> int:
    """How many rows the filters hold, `cap` at most."""
    scopes = scopes_for(listing, asked)
    listing, conditions = read_along(listing, asked, scopes)
    tab, order = listing.tab_of(asked.filters), listing.order_of(asked.filters)
    source = listing.source.where(*tab.where(asked.now), *conditions)
    parts = keyset.parts_of(parts_within(listing, scopes), tab.pieces)
    counted = keyset.capped_count(source, parts, order, cap=cap, is_disjoint=listing.is_disjoint)
    return min(asked.session.scalar(select(counted)) or 0, cap)


def first_rows(listing: Listing[F, R], asked: Request[F], shown: int, cap: int) -> tuple[list[R], int]:
    """The first `shown` rows of the filters, and how many they hold, `cap` at most: by one statement, and those that
    describe the rows."""
    rows = asked.session.execute(_first(listing, asked, cap)).all()
    return list(listing.describe(asked, rows[:shown])) if rows else [], len(rows)


def _first(listing: Listing[F, R], asked: Request[F], limit: int) -> Select[Any]:
    scopes = scopes_for(listing, asked)
    listing, conditions = read_along(listing, asked, scopes)
    return rows_statement(listing, asked, scopes, conditions, limit=limit)
