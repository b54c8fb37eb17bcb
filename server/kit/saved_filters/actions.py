"""Writes of kept filters. Everybody changes their own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, NotFound
from server.kit.saved_filters.models import SavedFilter
from server.kit.saved_filters.queries import FilteredList, canonical_query
from server.kit.saved_filters.schemas import FilterIn, NameIn
from server.unions.people.models import Person

MOST = 20
"""Of one list."""


def save_filter(session: Session, of: FilteredList, form: FilterIn, *, person_id: UUID, now: datetime) -> SavedFilter:
    """Keep filters of a list under a name; under a name in use they replace what was there.

    Raises Invalid for filters that make no sense, Conflict when there are MOST already.
    """
    query = canonical_query(of, form.query)
    _take_turns(session, person_id)
    mine = (SavedFilter.person_id == person_id, SavedFilter.list_name == of.name)
    known = session.scalar(select(SavedFilter).where(*mine, SavedFilter.name == form.name))
    if known is not None:
        known.query = query
        session.flush()
        return known
    if (session.scalar(select(func.count()).where(*mine)) or 0) >= MOST:
        raise Conflict(f"最多保存 {MOST} 个筛选，请先删掉不用的。", code="too_many_filters")
    kept = SavedFilter(
        id=ids.new_id(), person_id=person_id, list_name=of.name, name=form.name, query=query, created_at=now
    )
    session.add(kept)
    session.flush()
    return kept


def rename_filter(session: Session, filter_id: UUID, form: NameIn, *, person_id: UUID) -> SavedFilter:
    """Raises NotFound for somebody else's, Conflict for a name in use."""
    _take_turns(session, person_id)
    kept = get_own_filter(session, filter_id, person_id)
    taken = select(SavedFilter.id).where(
        SavedFilter.person_id == person_id,
        SavedFilter.list_name == kept.list_name,
        SavedFilter.name == form.name,
        SavedFilter.id != filter_id,
    )
    if session.scalar(taken) is not None:
        raise Conflict("已经有同名的筛选，请换个名字。", code="name_taken")
    kept.name = form.name
    session.flush()
    return kept


def delete_filter(session: Session, filter_id: UUID, *, person_id: UUID) -> None:
    """Raises NotFound for somebody else's."""
    session.delete(get_own_filter(session, filter_id, person_id))
    session.flush()


def get_own_filter(session: Session, filter_id: UUID, person_id: UUID) -> SavedFilter:
    """Raises NotFound for somebody else's."""
    kept = session.get(SavedFilter, filter_id)
    if kept is None or kept.person_id != person_id:
        raise NotFound
    return kept


def _take_turns(session: Session, person_id: UUID) -> None:
    """Two windows of one person must not keep one too many, or one name twice."""
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
