"""Moving from SQLite to PostgreSQL: every row of every table, in one transaction. Interrupted, nothing has happened.

Triggers and references rest while rows are copied; putting the references back checks each of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from server.core.db import FILLED_BY_MIGRATION, Base, Database

BATCH = 1000
LOCK = 0x6D6F7665  # any number, the same everywhere
_REFERENCES = text(
    "SELECT conrelid::regclass::text AS owner, conname, pg_get_constraintdef(oid) AS words FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY conname"
)
_COUNTERS = text(
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
    "AND (is_identity = 'YES' OR column_default LIKE 'nextval(%')"
)


class CannotMove(Exception):
    """It was not moved, and nothing has changed; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many tables had rows, and how many rows there were."""

    tables: int
    rows: int


def move(source: Database, target: Database) -> Moved:
    """Copy all rows of `source` (SQLite) to `target` (PostgreSQL), both of the newest schema and at rest.

    Raises CannotMove if the target is not empty or, after all, has another number of rows.
    """
    tables = Base.metadata.sorted_tables
    with source.engine.connect() as reading, target.engine.begin() as writing:
        writing.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        _check_empty(writing, tables)
        with _at_rest(writing, tables):
            counts = [_copy(reading, writing, table) for table in tables]
        for table, count in zip(tables, counts, strict=True):
            if _count(writing, table) != count or _count(reading, table) != count:
                raise CannotMove(f"{table.name} 的行数前后不一样，请确认服务已经停止，再运行一次。")
        _set_counters(writing)
    return Moved(sum(count > 0 for count in counts), sum(counts))


def _check_empty(connection: Connection, tables: list[Table]) -> None:
    for table in tables:
        if FILLED_BY_MIGRATION in table.info:  # the same rows are in the source, as they stand now
            connection.execute(delete(table))
        elif connection.execute(select(1).select_from(table).limit(1)).first() is not None:
            raise CannotMove(f"PostgreSQL 里的 {table.name} 已经有数据，不会覆盖。请用一个新建的空数据库。")


@contextmanager
def _at_rest(connection: Connection, tables: list[Table]) -> Iterator[None]:
    references = connection.execute(_REFERENCES).all()
    for each in references:
        connection.execute(text(f'ALTER TABLE {each.owner} DROP CONSTRAINT "{each.conname}"'))
    for table in tables:
        connection.execute(text(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER'))
    yield
    for table in tables:
        connection.execute(text(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER'))
    for each in references:
        connection.execute(text(f'ALTER TABLE {each.owner} ADD CONSTRAINT "{each.conname}" {each.words}'))


def _copy(reading: Connection, writing: Connection, table: Table) -> int:
    count = 0
    searched = [each.name for each in table.columns if isinstance(each.type.dialect_impl(writing.dialect), TSVECTOR)]
    rows = reading.execution_options(yield_per=BATCH).execute(select(table)).mappings()
    for batch in rows.partitions():
        writing.execute(insert(table), [{**row, **{name: _placed(row[name]) for name in searched}} for row in batch])
        count += len(batch)
    return count


def _placed(words: str) -> str:
    """Words as a tsvector is written: each with its place, by which phrases are found."""
    return " ".join(f"{word}:{place}" for place, word in enumerate(words.split(), 1))


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _set_counters(connection: Connection) -> None:
    for table, column in connection.execute(_COUNTERS).all():
        top = f'(SELECT coalesce(max("{column}"), 0) FROM "{table}")'  # noqa: S608  (names of our own schema)
        sequence = f"pg_get_serial_sequence('\"{table}\"', '{column}')"
        connection.execute(text(f"SELECT setval({sequence}, greatest({top}, 1), {top} > 0)"))
