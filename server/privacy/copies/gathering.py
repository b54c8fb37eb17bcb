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
from server.photos.models import Photo

OF_OTHERS = re.compile(r"(_by_id|^actor_id)$")  # who handled it is their business

Row = dict[str, Any]


def gather(session: Session, person_id: UUID) -> dict[str, list[Row]]:
    """All of it by title, as plain values."""
    found: dict[str, list[Row]] = {}
    for personal in declared().personal:
        if personal.title:
            found.setdefault(personal.title, []).extend(_rows(session, personal, person_id))
    return {title: rows for title, rows in found.items() if rows}


def photos_of(session: Session, person_id: UUID) -> Iterator[Photo]:
    """Every photo of the person's."""
    yield from session.scalars(select(Photo).where(Photo.owner_id == person_id).order_by(Photo.id))


def photo_name(photo: Any) -> str:
    """Its name in the archive."""
    return f"照片/{photo.submission_id}/{photo.position + 1}.jpg"


def _rows(session: Session, personal: PersonalRows, person_id: UUID) -> Iterator[Row]:
    table = cast(Table, personal.model.__table__)
    left_out = {column for column in table.c if column.name in personal.hidden or OF_OTHERS.search(column.name)}
    columns = [column for column in table.c if column not in left_out]
    statement = select(*columns).where(personal.rows(person_id)).order_by(*table.primary_key.columns)
    for row in session.execute(statement):
        values = {key: _value(value) for key, value in row._mapping.items()}
        yield {**values, "file": photo_name(row)} if personal.model is Photo else values


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value
