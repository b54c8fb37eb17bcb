"""An insert that meets a row: one statement says to both databases what becomes of it."""

from typing import Any, cast

from sqlalchemy import Table, select

from server.core import clock
from server.core.db import Database, upsert
from server.core.leased_values import SharedValue

VALUES = cast(Table, SharedValue.__table__)


def _row(name: str, value: int) -> dict[str, Any]:
    return {"name": name, "value": {"is": value}, "updated_at": clock.now()}


def _kept(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {row.name: row.value["is"] for row in session.scalars(select(SharedValue).order_by(SharedValue.name))}


def test_a_row_that_is_there_stays_and_only_new_ones_come_back(database: Database) -> None:
    unless_there = upsert(VALUES).on_conflict_do_nothing(index_elements=["name"]).returning(VALUES.c.name)
    with database.transaction() as session:
        assert session.scalars(unless_there, [_row("a", 1)]).all() == ["a"]
        assert session.scalars(unless_there, [_row("a", 2), _row("b", 2)]).all() == ["b"]
    assert _kept(database) == {"a": 1, "b": 2}


def test_a_row_that_is_there_takes_the_new_values_where_it_is_said_so(database: Database) -> None:
    row = upsert(SharedValue)
    newer = row.on_conflict_do_update(
        index_elements=["name"],
        set_={name: row.excluded[name] for name in ("value", "updated_at")},
        where=SharedValue.updated_at < row.excluded.updated_at,
    )
    old, new = _row("a", 1), _row("a", 2)
    with database.transaction() as session:
        for each in (old, new, old):
            session.execute(newer, each)
    assert _kept(database) == {"a": 2}
