"""What waits for reviewers besides the queue. A higher wing says what of its own does, so that the console shows a
number beside the page where it is seen to, and the digest a sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from server.review.escalation.models import Escalation, Overdue
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS

MOST = 100  # where counting stops


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind: the page of the console, the sentence ("{} 份……"), and the number for a reviewer, MOST at most."""

    name: str
    path: str
    words: str
    count: Callable[[Session, Actor, datetime], int]


def count_climbed(session: Session, actor: Actor, _now: datetime) -> int:
    """How many overdue items have climbed to the actor's own unions or past them, along the index of their subtree."""
    own = [held.union_id for held in actor.reviewing]
    reached = exists().where(Escalation.overdue_id == Overdue.id, Escalation.union_id.in_(own))
    climbed = select(Overdue.id).where(in_scope(actor, Overdue, REVIEWERS), Overdue.ended_at.is_(None), reached)
    return session.scalar(select(func.count()).select_from(climbed.limit(MOST).subquery())) or 0


_kinds: dict[str, Waiting] = {}


def register_waiting(kind: Waiting) -> None:
    """Count `kind` too from now on. Registering another of the same name replaces it."""
    _kinds[kind.name] = kind


register_waiting(Waiting("climbed", "/console/dispatch", "{} 条逾期升级到您这里", count_climbed))


def count_others(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """Numbers by kind; kinds of which nothing waits are left out. One statement a kind."""
    counted = {name: kind.count(session, actor, now) for name, kind in _kinds.items()}
    return {name: number for name, number in counted.items() if number}


def by_path(numbers: Mapping[str, int]) -> dict[str, int]:
    """The numbers by the page where they are seen to."""
    return {_kinds[name].path: number for name, number in numbers.items() if name in _kinds}


def words_of(numbers: Mapping[str, int]) -> list[str]:
    """A sentence per kind."""
    return [_kinds[name].words.format(number) for name, number in numbers.items() if name in _kinds]
