"""Unions as sheets call them: by their number, else by their full name."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.text import search_key
from server.unions.tree.models import Union

CHUNK = 500  # bound parameters per statement are limited


def find_unions(session: Session, words: Collection[str], *wanted: ColumnElement[bool]) -> dict[str, list[Union]]:
    """The `wanted` unions that each of `words` may mean: the one with that number, else all of that name."""
    by_code = _load(session, {word: word for word in words}, Union.code, wanted)
    others = {word: search_key(word) for word in words if word not in by_code}
    return by_code | _load(session, others, Union.name_key, wanted)


def _load(
    session: Session,
    keys: dict[str, str],
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    wanted: tuple[ColumnElement[bool], ...],
) -> dict[str, list[Union]]:
    """Unions by word, where `keys` tells what stands in the column for each word."""
    several, found = sorted(set(keys.values())), dict[str, dict[UUID, Union]]()
    for start in range(0, len(several), CHUNK):
        statement = select(Union, column).where(column.in_(several[start : start + CHUNK]), *wanted)
        for union, key in session.execute(statement):
            found.setdefault(str(key), {})[union.id] = union
    return {word: list(found[key].values()) for word, key in keys.items() if key in found}
