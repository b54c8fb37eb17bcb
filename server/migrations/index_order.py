"""Which index SQLite takes where two would do.

It has no statistics here, and of two indexes that answer a question alike it takes the one that was made last. So an
index of few rows has to be made after that of all rows that begins like it. Alembic copies a table to change a CHECK,
and makes the copy's indexes anew in no order at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    sql: str
    columns: tuple[str, ...]
    is_partial: bool


def settle_indexes(connection: Connection) -> list[str]:
    """Make those of few rows anew that came too early; returns their names. Nothing on PostgreSQL, which counts."""
    if connection.dialect.name != "sqlite":
        return []
    early = [index for indexes in _indexes(connection).values() for index in _early(indexes)]
    for index in early:
        connection.exec_driver_sql(f'DROP INDEX "{index.name}"')
        connection.exec_driver_sql(index.sql)
    return [index.name for index in early]


def _early(indexes: Sequence[_Index]) -> Iterator[_Index]:
    for at, index in enumerate(indexes):
        later = (each.columns for each in indexes[at + 1 :] if not each.is_partial)
        if index.is_partial and any(columns[:1] == index.columns[:1] for columns in later):
            yield index


def _indexes(connection: Connection) -> dict[str, list[_Index]]:
    """Of each table, as they were made; none that a constraint brings."""
    made = connection.execute(
        text("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid")
    )
    found: defaultdict[str, list[_Index]] = defaultdict(list)
    for table, name, sql in made.all():
        columns = connection.exec_driver_sql(f'PRAGMA index_info("{name}")').all()
        is_partial = " WHERE " in sql.upper()
        found[table].append(_Index(name, sql, tuple(row.name or "" for row in columns), is_partial))
    return found
