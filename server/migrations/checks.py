"""Changing CHECKs and types, for migrations. PostgreSQL swaps a constraint; SQLite has to copy the table.

Alembic's own batch mode reads a table back without its CHECKs and would lose all of them. Here the table's own words
are edited instead, so that whatever is not named stays exactly as it is.
"""

import re

from alembic import op
from sqlalchemy import Connection, text


def replace_check(table: str, name: str, condition: str, *, old_name: str | None = None) -> None:
    """Let the CHECK `name` of `table` say `condition`; `old_name` if it was called otherwise before.

    Raises LookupError if there is no such CHECK. On SQLite references to the table must not be enforced meanwhile.
    """
    old = old_name or name
    if op.get_context().dialect.name == "sqlite":
        connection = op.get_bind()
        sql = _definition(connection, table)
        start, end = _span(sql, old)
        _copy(connection, table, f"{sql[:start]}CONSTRAINT {name} CHECK ({condition}){sql[end:]}")
        return
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {old}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")


def add_checked_column(table: str, column: str, name: str, condition: str) -> None:
    """Add a column, in SQL that both databases read, together with its CHECK. Copies nothing."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CONSTRAINT {name} CHECK ({condition})")


def retype_column(table: str, column: str, before: str, after: str) -> None:
    """Let a column of the type `before` have the type `after`, which must hold every value that is there.

    Raises LookupError if SQLite's words for the table name no such column. References as in replace_check.
    """
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {after}")
        return
    connection = op.get_bind()
    sql = _definition(connection, table)
    words = re.compile(rf"(?<=[\s,(])({column}|\"{column}\") {re.escape(before)}")
    if len(words.findall(sql)) != 1:
        raise LookupError(column)
    _copy(connection, table, words.sub(rf"\1 {after}", sql))


def _definition(connection: Connection, table: str) -> str:
    query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    return str(connection.execute(query, {"name": table}).scalar_one())


def _span(sql: str, name: str) -> tuple[int, int]:
    """Where `CONSTRAINT name CHECK (…)` stands in a table's definition, to its closing bracket."""
    opening = f"CONSTRAINT {name} CHECK ("
    start = sql.find(opening)
    if start < 0:
        raise LookupError(name)
    depth, quoted = 0, False
    for position in range(start + len(opening) - 1, len(sql)):
        character = sql[position]
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(character, 0)
            if depth == 0:
                return start, position + 1
    raise LookupError(name)


def _copy(connection: Connection, table: str, sql: str) -> None:
    """SQLite's own recipe (sqlite.org/lang_altertable.html, section 7): new table, rows, old away, name, the rest."""
    query = text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type IN ('index', 'trigger') AND sql NOT NULL"
    )
    others = [str(row.sql) for row in connection.execute(query, {"name": table})]
    columns = ", ".join(f'"{row[1]}"' for row in connection.exec_driver_sql(f"PRAGMA table_info({table})"))
    fresh = f"{table}_new"
    head = f"CREATE TABLE {table} "
    quoted = f'CREATE TABLE "{table}" '
    opening = head if sql.startswith(head) else quoted
    connection.exec_driver_sql(f"CREATE TABLE {fresh} " + sql.removeprefix(opening))
    connection.exec_driver_sql(f"INSERT INTO {fresh} ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 (our names)
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE {fresh} RENAME TO {table}")
    for statement in others:
        connection.exec_driver_sql(statement)
