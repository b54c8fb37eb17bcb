"""What stands before and after a row in a list with its filters, and where: so that one goes from item to item."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true

from server.kit.filters import F
from server.kit.keyset import COUNT_CAP, Part, count_text, parts_of
from server.kit.listing import (
    Listing,
    Request,
    Scopes,
    parts_within,
    read_along,
    rows_statement,
    scopes_for,
)
from server.kit.pages import R


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids of the rows before and after one; None at an end, and for what never was in the list."""

    before: UUID | None = None
    after: UUID | None = None


def find_neighbours(listing: Listing[F, R], asked: Request[F], row_id: UUID) -> Neighbours:
    """The rows around this one in the list with these filters, wherever it stands itself by now."""
    scopes = scopes_for(listing, asked)
    listing, conditions = read_along(listing, asked, scopes)
    row = _place_of(listing, asked, row_id)
    if row is None:
        return Neighbours()
    key = listing.order_of(asked.filters).key_of(row)
    before, after = (
        asked.session.execute(
            rows_statement(listing, asked, scopes, conditions, limit=1, key=key, back=back)
        ).one_or_none()
        for back in (True, False)
    )
    return Neighbours(before.id if before is not None else None, after.id if after is not None else None)


def find_position(listing: Listing[F, R], asked: Request[F], row_id: UUID) -> str | None:
    """Where a row stands in the list, like 3 / 48; None where it is not in it, or behind the COUNT_CAP first."""
    scopes = scopes_for(listing, asked)
    listing, conditions = read_along(listing, asked, scopes)
    row = _place_of(listing, asked, row_id)
    if row is None:
        return None
    statement = _position_statement(listing, asked, scopes, conditions, row)
    before, from_here, is_listed = asked.session.execute(statement).one()
    if not is_listed or before >= COUNT_CAP:
        return None
    return f"{before + 1} / {count_text(min(before + from_here, COUNT_CAP))}"


def _position_statement(
    listing: Listing[F, R], asked: Request[F], scopes: Scopes, conditions: Part, row: Any
) -> Select[Any]:
    """One row: how many come before `row` in the list, how many from it on, whether it is listed itself; each counted
    up to COUNT_CAP.
    """
    key, tab = listing.order_of(asked.filters).key_of(row), listing.tab_of(asked.filters)

    def count(*, back: bool) -> ColumnElement[int]:
        found = rows_statement(listing, asked, scopes, conditions, limit=COUNT_CAP, key=key, back=back)
        return select(func.count()).select_from(found.subquery()).scalar_subquery()

    row_id = listing.table.c.id
    here = listing.source.with_only_columns(row_id).where(row_id == row.id, *tab.where(asked.now), *conditions)
    parts = parts_of(parts_within(listing, scopes), tab.pieces)
    listed = or_(false(), *(here.where(*part).exists() for part in parts))
    return select(count(back=True), count(back=False) + 1, select(listed).scalar_subquery())


def _place_of(listing: Listing[F, R], asked: Request[F], row_id: UUID) -> Any:
    """What the list is sorted by; None for what never was in it."""
    columns = listing.order_of(asked.filters).columns
    known = and_(true(), *(column.is_not(None) for column in columns))
    wanted = {column.key: column for column in (listing.table.c.id, *columns)}
    return asked.session.execute(select(*wanted.values()).where(listing.table.c.id == row_id, known)).one_or_none()
