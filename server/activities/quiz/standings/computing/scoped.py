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
class Sums:
    """What is added up of enterprises. `headcount` is None until one of them has entered it."""

    people: int = 0
    finished: int = 0
    score: int = 0
    headcount: int | None = None

    def __add__(self, other: "Sums") -> "Sums":
        heads = [each for each in (self.headcount, other.headcount) if each is not None]
        return Sums(
            self.people + other.people, self.finished + other.finished, self.score + other.score,
            sum(heads) if heads else None,
        )  # fmt: skip

    def told(self, union_id: UUID | None, name: str) -> UnionFigures:
        """As the figures of the union that it is the sum of."""
        mean = round(self.score / self.people, 1) if self.people else 0.0
        return UnionFigures(union_id, name, self.people, self.finished, mean, self.headcount)


@dataclass(frozen=True, slots=True)
class ScopedFigures:
    """The union itself and its parts in their official order: no ranking."""

    whole: UnionFigures
    parts: Sequence[UnionFigures]


def count_scope(session: Session, quiz_id: UUID, scope: Scope) -> ScopedFigures:
    """Four statements at most. Standings are added up enterprise by enterprise off their index, which holds all that
    is read, and the enterprises here."""
    below = BELOW.get(scope.column)
    counted = _count(session, quiz_id, getattr(Union, scope.column) == scope.union_id, below)
    names = union_names(session, [scope.union_id])
    whole = sum(counted.values(), Sums()).told(scope.union_id, name_of(names, scope.union_id) or "")
    if below is None:
        return ScopedFigures(whole, ())
    ordered = select(Union.id, Union.name).where(Union.id.in_([each for each in counted if each is not None]))
    named = [
        counted[row.id].told(row.id, row.name) for row in session.execute(ordered.order_by(*Union.official_order()))
    ]
    direct = [counted[None].told(None, "直接所属的企业")] if None in counted else []
    return ScopedFigures(whole, [*named, *direct])


def _count(session: Session, quiz_id: UUID, within: ColumnElement[bool], below: str | None) -> dict[UUID | None, Sums]:
    """The sums of the unions right below, by id; under None those of enterprises that have none above them. A score is
    never below zero; asked for what is above it, SQLite would look for scores before enterprises."""
    key = getattr(Union, below) if below is not None else null()
    counted: dict[UUID | None, Sums] = {}
    played = (
        select(
            Union.id, key, func.count(QuizStanding.person_id), func.count(QuizStanding.finished_at),
            func.sum(QuizStanding.score),
        )
        .join(QuizStanding, QuizStanding.enterprise_id == Union.id)
        .where(QuizStanding.quiz_id == quiz_id, QuizStanding.score != 0, within)
        .group_by(Union.id)
    )  # fmt: skip
    for _, union_id, people, finished, score in session.execute(played):
        counted[union_id] = counted.get(union_id, Sums()) + Sums(people, finished, score)
    heads = select(key, func.sum(Union.headcount)).where(
        Union.level == Level.ENTERPRISE, Union.is_active.is_(True), within
    )
    for union_id, headcount in session.execute(heads.group_by(key) if below is not None else heads):
        counted[union_id] = counted.get(union_id, Sums()) + Sums(headcount=headcount)
    return counted
