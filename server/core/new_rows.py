"""New rows of several tables, on hot paths: the driver is sent them directly (core/prepared.py).

PostgreSQL takes all of them in one statement, and so in one round trip. SQLite has no statement for several tables, and
no round trips either: it takes them one after the other.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, Table, bindparam, insert, literal, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from server.core.db import Database, upsert
from server.core.prepared import Prepared

NewRow = tuple[Table, Mapping[str, Any]]
_Shape = tuple[tuple[Table, tuple[str, ...]], ...]
"""Tables and columns of rows: what their statement is built of, once."""
Key = tuple[str, ...] | None
Condition = ColumnElement[bool] | None
ID: Key = ("id",)


def insert_rows_in_one_statement(session: Session, rows: Sequence[NewRow]) -> None:
    """Insert rows into different tables, or several into one, behind what the session holds back."""
    session.flush()
    _insert(session.connection(), rows)


def _insert(connection: Connection, rows: Sequence[NewRow]) -> None:
    if connection.dialect.name == "sqlite":
        for each in rows:
            _together(_shape([each])).execute(connection, _values([each]))
    elif rows:
        _together(_shape(rows)).execute(connection, _values(rows))


def insert_unless_known(
    session: Session, first: NewRow, rows: Sequence[NewRow], by: Key = ID, *, only_if: Condition = None
) -> bool:
    """Insert `first` and what hangs on it, unless its id is taken already: then nothing. Returns whether it is new;
    waits for a rival that is inserting it too. `by`: the key that must not be taken, None: none of the table's.
    `only_if`: a constant of its module, which asks for values of the row by `value_of_first`; seen as it stands at that
    moment, whatever this process remembers."""
    session.flush()
    return _insert_unless_known(session.connection(), first, rows, by, only_if)


def write_unless_known(database: Database, first: NewRow, rows: Sequence[NewRow], *, only_if: Condition = None) -> bool:
    """The same as a transaction of its own, committed when this returns; on PostgreSQL one round trip."""
    if not database.settings.is_sqlite:
        together = [first, *rows]
        return bool(database.write_one(_unless_known(_shape(together), ID, only_if), _values(together)))
    with database.engine.begin() as connection:
        return _insert_unless_known(connection, first, rows, ID, only_if)


def value_of_first(column: Column[Any]) -> BindParameter[Any]:
    """The value that the first row has in a column."""
    return bindparam(f"{column.name}_0", type_=column.type)


def _insert_unless_known(
    connection: Connection, first: NewRow, rows: Sequence[NewRow], by: Key, only_if: Condition
) -> bool:
    if connection.dialect.name == "sqlite":
        is_new = bool(_unless_known(_shape([first]), by, only_if).execute(connection, _values([first])))
        _insert(connection, rows if is_new else ())
        return is_new
    together = [first, *rows]
    return bool(_unless_known(_shape(together), by, only_if).execute(connection, _values(together)))


def _shape(rows: Sequence[NewRow]) -> _Shape:
    return tuple((table, tuple(row)) for table, row in rows)


def _values(rows: Sequence[NewRow]) -> dict[str, Any]:
    return {f"{column}_{number}": value for number, (_, row) in enumerate(rows) for column, value in row.items()}


@cache
def _together(shape: _Shape) -> Prepared:
    """`WITH … (INSERT …), … INSERT …`."""
    parts = [insert(table).values(_fields(table, columns, number)) for number, (table, columns) in enumerate(shape)]
    return Prepared(parts[-1].add_cte(*(part.cte(f"new_{number}") for number, part in enumerate(parts[:-1]))))


@cache
def _unless_known(shape: _Shape, by: Key, only_if: Condition) -> Prepared:
    """`WITH first AS (INSERT … ON CONFLICT DO NOTHING RETURNING id), … (INSERT … SELECT … FROM first) SELECT id FROM
    first`: without a first row there are no others."""
    (table, columns), *others = shape
    values, row = _fields(table, columns, 0), upsert(table)
    if only_if is None:
        row = row.values(values)
    else:
        row = row.from_select(list(values), select(*values.values()).where(only_if))
    alone = row.on_conflict_do_nothing(index_elements=by).returning(table.c.id)
    if not others:
        return Prepared(alone)
    first = alone.cte("first")
    hanging = []
    for number, (table, columns) in enumerate(others, 1):
        fields = _fields(table, columns, number)
        hanging.append(insert(table).from_select(list(fields), select(*fields.values()).select_from(first)))
    return Prepared(select(first.c.id).add_cte(*(each.cte(f"new_{number}") for number, each in enumerate(hanging))))


def _fields(table: Table, columns: Sequence[str], number: int) -> dict[str, ColumnElement[Any]]:
    """The values of the row of that number, each still open, and the defaults of the columns that are not named."""
    fields: dict[str, ColumnElement[Any]] = {
        name: bindparam(f"{name}_{number}", type_=table.c[name].type) for name in columns
    }
    for column in table.c:
        if column.name not in fields and isinstance(column.default, ScalarElementColumnDefault):
            fields[column.name] = literal(column.default.arg, column.type)
    return fields
