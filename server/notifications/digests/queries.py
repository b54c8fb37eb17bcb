"""Reads of digests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import FromClause, Select, literal, select
from sqlalchemy.orm import Session

from server.core.slice import TODO_CAP, declared, entry_at
from server.core.ttl_cache import TtlCache
from server.kit.keyset import count_text
from server.kit.listing import Request
from server.kit.rows import count_rows
from server.notifications.digests.models import DailyDigest
from server.review.queue.listing import QUEUE
from server.review.queue.schemas import OVERDUE, Due, QueueFilter
from server.unions.actor import Actor

SHOWN = 30  # days


def list_digests(session: Session, person_id: UUID) -> Sequence[DailyDigest]:
    """A reviewer's last digests, newest first."""
    statement = select(DailyDigest).where(DailyDigest.person_id == person_id)
    return session.scalars(statement.order_by(DailyDigest.day.desc()).limit(SHOWN)).all()


# --- what waits besides the queue, as the slices declare it -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of what waits, in words, and the page where it is seen to."""

    words: str
    path: str
    is_part: bool  # of the one before


def count_others(session: Session, actor: Actor, now: datetime, *, below: bool = False) -> dict[str, int]:
    """Numbers by kind of what the actor's own unions have to move, or of what those `below` have in hand. Kinds of
    which nothing waits are left out. One statement a kind, and one that tells which of them are in use at all: few
    unions use everything there is."""
    asked = [todo for todo in declared().todos if todo.is_below is below]
    used = _not_empty(session, tuple(dict.fromkeys(todo.table for todo in asked)))
    counted = {todo.name: todo.count(session, actor, now) for todo in asked if todo.table in used}
    return {name: number for name, number in counted.items() if number}


def _not_empty(session: Session, tables: tuple[FromClause, ...]) -> set[FromClause]:
    found = session.execute(_which_have_rows(tables)).one()
    return {table for table, has_rows in zip(tables, found, strict=True) if has_rows}


@cache
def _which_have_rows(tables: tuple[FromClause, ...]) -> Select[*tuple[Any, ...]]:
    return select(*(select(literal(1)).select_from(table).exists() for table in tables))


def by_entry(numbers: Mapping[str, int]) -> dict[str, int]:
    """The numbers by the entry of the navigation that leads to where they are seen to; each thing counts once."""
    entries: dict[str, int] = {}
    for todo in declared().todos:
        number = 0 if todo.is_part else numbers.get(todo.name, 0)
        entry = entry_at(todo.path.partition("?")[0])
        if number and entry is not None:
            entries[entry.path] = entries.get(entry.path, 0) + number
    return entries


def lines_of(numbers: Mapping[str, int]) -> list[Line]:
    """A sentence per kind, in the order of the slices."""
    return [
        Line(todo.words.format(count_text(number, TODO_CAP)), todo.path, todo.is_part)
        for todo in declared().todos
        if (number := numbers.get(todo.name, 0))
    ]


# --- how much waits: capped counts, each along an index ---------------------------------------------------------------

QUEUED = QueueFilter(routed=True)
LATE, TODAY = QueueFilter(status=OVERDUE, routed=True), QueueFilter(due=Due.TODAY, routed=True)


@dataclass(frozen=True, slots=True)
class Badge:
    """What waits for the actor's own unions and what of it is overdue; TODO_CAP stands for that many or more."""

    waiting: int
    overdue: int
    numbers: Mapping[str, int]  # by kind, besides the queue
    others: Mapping[str, int]  # by the entry of the navigation where they are seen to

    def __hash__(self) -> int:
        return hash((self.waiting, self.overdue, frozenset(self.others.items())))

    @property
    def text(self) -> str:
        """As it stands beside the queue in the navigation."""
        return count_text(self.waiting, TODO_CAP)

    def count_at(self, paths: Iterable[str]) -> int:
        """What waits at several pages besides the queue."""
        return sum(self.others.get(path, 0) for path in paths)

    @property
    def words(self) -> str:
        """For those who do not see colours."""
        late = f"，其中 {self.overdue} 条逾期" if self.overdue else ""
        return f"{self.text} 条待办{late}"


_badges: TtlCache[UUID, Badge] = TtlCache()


def badge_of(session: Session, actor: Actor, now: datetime) -> Badge | None:
    """The badge of a reviewer, up to half a minute old; None for whoever reviews nothing."""
    if not actor.reviewing:
        return None
    return _badges.get(session, actor.person_id, lambda: count_waiting(session, actor, now))


def count_waiting(session: Session, actor: Actor, now: datetime) -> Badge:
    """Counted at this moment."""
    numbers = count_others(session, actor, now)
    queued, late = (count(session, actor, filters, now) for filters in (QUEUED, LATE))
    badge = Badge(queued, late, numbers, by_entry(numbers))
    _badges.keep(session, actor.person_id, badge)  # the page that asked shows the same in its navigation
    return badge


def count(session: Session, actor: Actor, filters: QueueFilter, now: datetime) -> int:
    """How many items of the queue, TODO_CAP at most."""
    return count_rows(QUEUE, Request(session, actor, filters, now), TODO_CAP)
