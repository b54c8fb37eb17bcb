"""Everything that is kept about a person: whatever the slices declare as a person's own rows."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from server.core.slice import PersonalRows, declared

OF_OTHERS = re.compile(r"(_by_id|^actor_id)$")  # who handled it is their business

Row = dict[str, Any]


def gather(session: Session, person_id: UUID) -> dict[str, list[Row]]:
    """All of it by title, as plain values."""
    found: dict[str, list[Row]] = {}
    for personal in declared().personal:
        if personal.title:
            found.setdefault(personal.title, []).extend(_rows(session, personal, person_id))
    return {title: rows for title, rows in found.items() if rows}


def stored_of(session: Session, person_id: UUID) -> Iterator[tuple[str, str]]:
    """Every file of the person's that can be opened: its name in the archive, and where it lies."""
    for personal in declared().personal:
        if personal.stored is not None:
            theirs = select(personal.model).where(personal.rows(person_id), personal.stored.there)
            for row in session.scalars(theirs.order_by(*cast(Table, personal.model.__table__).primary_key.columns)):
                yield personal.stored.name(row), personal.stored.key(row)


def _rows(session: Session, personal: PersonalRows, person_id: UUID) -> Iterator[Row]:
    table = cast(Table, personal.model.__table__)
    left_out = {column for column in table.c if column.name in personal.hidden or OF_OTHERS.search(column.name)}
    columns = [column for column in table.c if column not in left_out]
    statement = select(*columns).where(personal.rows(person_id)).order_by(*table.primary_key.columns)
    for row in session.execute(statement):
        values = {key: _value(value) for key, value in row._mapping.items()}
        yield values if personal.stored is None else {**values, "file": personal.stored.name(row)}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
