"""Reads of the question bank for those who draw and grade."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.activities.quiz.bank.models import Question, QuestionKind, QuestionVersion
from server.activities.quiz.bank.schemas import LETTERS
from server.core.recent import Recent


@dataclass(frozen=True, slots=True)
class Drawable:
    """A question that may be drawn now. `options`: how many."""

    version_id: UUID
    question_id: UUID
    kind: QuestionKind
    topic: str
    difficulty: int
    options: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A version's words. `answer`: places of the right options, from 0."""

    kind: QuestionKind
    stem: str
    options: tuple[str, ...]
    answer: frozenset[int]
    explanation: str
    statute: str
    article: str
    topic: str


_DRAWABLE: Recent[None, tuple[Drawable, ...]] = Recent()
_SHEETS: WeakKeyDictionary[Engine, dict[UUID, Sheet]] = WeakKeyDictionary()  # versions never change, so these stay


def list_drawable(session: Session) -> tuple[Drawable, ...]:
    """Every approved question that is not retired, in the order of its id. Up to 30 s old."""
    return _DRAWABLE.get(session, None, lambda: _read_drawable(session))


def get_sheets(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, Sheet]:
    """Words by version id. An id that nobody knows is left out."""
    known, wanted = _SHEETS.setdefault(session.get_bind().engine, {}), set(version_ids)
    missing = wanted - known.keys()
    if missing:
        found = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(missing)))
        known.update({version.id: _sheet(version) for version in found})
    return {key: known[key] for key in wanted & known.keys()}


def _read_drawable(session: Session) -> tuple[Drawable, ...]:
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(QuestionVersion.number == Question.approved, Question.retired_at.is_(None))
        .order_by(Question.id)
    )
    return tuple(
        Drawable(row.id, row.question_id, row.kind, row.topic, row.difficulty, len(row.options))
        for row in session.scalars(statement)
    )


def _sheet(version: QuestionVersion) -> Sheet:
    return Sheet(
        version.kind,
        version.stem,
        tuple(version.options),
        frozenset(LETTERS.index(letter) for letter in version.answer),
        version.explanation,
        version.statute,
        version.article,
        version.topic,
    )
