"""Filters that people keep under a name: their own tabs above the list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, TypeVar, cast
from urllib.parse import parse_qsl
from uuid import UUID

from pydantic import StringConstraints, ValidationError
from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, Invalid, NotFound
from server.core.web.schemas import In, Line
from server.review.queue.models import SavedFilter
from server.review.queue.schemas import QueueFilter
from server.unions.people.models import Person

F = TypeVar("F", bound=In)
MOST = 20
_TABLE = cast(Table, SavedFilter.__table__)
_MINE = (
    select(_TABLE.c.id, _TABLE.c.name, _TABLE.c.query)
    .where(_TABLE.c.person_id == bindparam("person_id"))
    .order_by(_TABLE.c.created_at, _TABLE.c.id)
)


class FilterIn(In):
    """What it is called, and the filters as they stand in the address."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=20)]
    query: Annotated[Line, StringConstraints(max_length=1000)] = ""


class NameIn(In):
    """Another name for one."""

    name: Annotated[Line, StringConstraints(min_length=1, max_length=20)]


def parse_filter(form: type[F], values: Mapping[str, str]) -> F:
    """A form of this module. Raises Invalid with words for the person."""
    try:
        return form.model_validate(values)
    except ValidationError as error:
        raise Invalid("请给筛选起个名字，最多 20 个字。", code="name_needed") from error


def list_filters(session: Session, person_id: UUID) -> Sequence[tuple[UUID, str, str]]:
    """Id, name and query of a person's filters, in the order in which they were kept. One statement."""
    return [(row.id, row.name, row.query) for row in session.execute(_MINE, {"person_id": person_id})]


def save_filter(session: Session, form: FilterIn, *, person_id: UUID, now: datetime) -> SavedFilter:
    """Keep filters under a name; under a name in use they replace what was there.

    Raises Invalid for filters that make no sense, Conflict when there are MOST already.
    """
    query = _canonical(form.query)
    _take_turns(session, person_id)
    known = session.scalar(select(SavedFilter).where(SavedFilter.person_id == person_id, SavedFilter.name == form.name))
    if known is not None:
        known.query = query
        session.flush()
        return known
    count = session.scalar(select(func.count()).where(SavedFilter.person_id == person_id)) or 0
    if count >= MOST:
        raise Conflict(f"最多保存 {MOST} 个筛选，请先删掉不用的。", code="too_many_filters")
    kept = SavedFilter(id=ids.new_id(), person_id=person_id, name=form.name, query=query, created_at=now)
    session.add(kept)
    session.flush()
    return kept


def rename_filter(session: Session, filter_id: UUID, form: NameIn, *, person_id: UUID) -> SavedFilter:
    """Raises NotFound for somebody else's, Conflict for a name in use."""
    _take_turns(session, person_id)
    kept = _get_own(session, filter_id, person_id)
    taken = select(SavedFilter.id).where(
        SavedFilter.person_id == person_id, SavedFilter.name == form.name, SavedFilter.id != filter_id
    )
    if session.scalar(taken) is not None:
        raise Conflict("已经有同名的筛选，请换个名字。", code="name_taken")
    kept.name = form.name
    session.flush()
    return kept


def delete_filter(session: Session, filter_id: UUID, *, person_id: UUID) -> None:
    """Raises NotFound for somebody else's."""
    session.delete(_get_own(session, filter_id, person_id))
    session.flush()


def _get_own(session: Session, filter_id: UUID, person_id: UUID) -> SavedFilter:
    kept = session.get(SavedFilter, filter_id)
    if kept is None or kept.person_id != person_id:
        raise NotFound
    return kept


def _take_turns(session: Session, person_id: UUID) -> None:
    """Two windows of one person must not keep one too many, or one name twice."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def _canonical(query: str) -> str:
    try:
        return QueueFilter.model_validate(dict(parse_qsl(query))).to_query()
    except ValidationError as error:
        raise Invalid("这个筛选条件不能保存，请重新筛选后再试。", fields={"query": "条件无效"}) from error
