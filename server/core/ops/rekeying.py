"""Whether every secret at rest can be read, and writing all of them again under the newest key."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, or_, select, update
from sqlalchemy.orm import Session

from server.core.db import Base
from server.core.encryption import Unreadable, is_encrypted


def _encrypted_columns() -> Iterator[tuple[Table, list[Column[object]]]]:
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if is_encrypted(column.type)]
        if columns:
            yield table, columns


def find_unreadable(session: Session) -> str | None:
    """The first table with a secret that no key fits; None if all can be read."""
    for table, columns in _encrypted_columns():
        try:
            session.execute(select(*columns)).all()
        except Unreadable:
            return table.name
    return None


def reencrypt(session: Session) -> int:
    """Encrypt every secret again under the newest key. Returns how many rows. Raises Unreadable."""
    count = 0
    for table, columns in _encrypted_columns():
        keys = list(table.primary_key.columns)
        filled = or_(*(column.is_not(None) for column in columns))
        for row in session.execute(select(*keys, *columns).where(filled).with_for_update()).mappings().all():
            values = {column.name: row[column.name] for column in columns}
            session.execute(update(table).where(*(key == row[key.name] for key in keys)).values(values))
            count += 1
    return count
