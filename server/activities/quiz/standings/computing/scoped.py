"""How a subtree took part in a quiz, counted at the moment: a union below the city, and those right below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import QuizStanding
from server.kit.scope import Scope, name_of, union_names
from server.unions.roles import Level
from server.unions.tree.models import Union

BELOW = {"city_id": "district_id", "district_id": "town_id", "town_id": "enterprise_id"}


@dataclass(frozen=True, slots=True)
class UnionFigures:
    """A union's people in a quiz. `coverage` of the true headcount, None where nobody has entered one."""

    union_id: UUID | None
    name: str
    people: int
    finished: int
    mean: float
    headcount: int | None

    @property
    def coverage(self) -> float | None:
        """Can pass 1: people are told by where they work now, heads by what was entered once."""
        return self.people / self.headcount if self.headcount else None


@dataclass(frozen=True, slots=True)
class ScopedFigures:
    """The union itself and its parts in their official order: no ranking."""

    whole: UnionFigures
    parts: Sequence[UnionFigures]


def count_scope(session: Session, quiz_id: UUID, scope: Scope) -> ScopedFigures:
    """Six statements at most, along the index of the quiz's standings by enterprise."""
    within = getattr(Union, scope.column) == scope.union_id
    whole = _count(session, quiz_id, within, None)[0]
    names = union_names(session, [scope.union_id])
    whole = _named(whole, scope.union_id, name_of(names, scope.union_id) or "")
    below = BELOW.get(scope.column)
    if below is None:
        return ScopedFigures(whole, ())
    parts = _count(session, quiz_id, within, below)
    counted = {part.union_id: part for part in parts}
    ordered = select(Union.id, Union.name).where(Union.id.in_([each for each in counted if each is not None]))
    named = [
        _named(counted[row.id], row.id, row.name) for row in session.execute(ordered.order_by(*Union.official_order()))
    ]
    direct = [_named(counted[None], None, "直接所属的企业")] if None in counted else []
    return ScopedFigures(whole, [*named, *direct])


def _count(session: Session, quiz_id: UUID, within: ColumnElement[bool], below: str | None) -> list[UnionFigures]:
    key = getattr(Union, below) if below is not None else null()
    people = func.count(QuizStanding.person_id)
    played = (
        select(key, people, func.count(QuizStanding.finished_at), func.avg(QuizStanding.score))
        .join(Union, Union.id == QuizStanding.enterprise_id)
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score > 0, within)
    )
    heads = select(key, func.sum(Union.headcount)).where(
        Union.level == Level.ENTERPRISE, Union.is_active.is_(True), within
    )
    if below is not None:
        played, heads = played.group_by(key), heads.group_by(key)
    counted = {row[0]: tuple(row)[1:] for row in session.execute(played)}
    headcounts = {row[0]: row[1] for row in session.execute(heads)}
    return [
        UnionFigures(union_id, "", *_rounded(*counted.get(union_id, (0, 0, None))), headcounts.get(union_id))
        for union_id in (counted.keys() | headcounts.keys() if below is not None else (None,))
    ]


def _rounded(people: int, finished: int, mean: float | None) -> tuple[int, int, float]:
    return people, finished, round(float(mean or 0), 1)


def _named(figures: UnionFigures, union_id: UUID | None, name: str) -> UnionFigures:
    return UnionFigures(union_id, name, figures.people, figures.finished, figures.mean, figures.headcount)
