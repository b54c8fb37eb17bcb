"""Reads of the question bank: for those who draw and grade, and for its own pages."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.activities.quiz.bank.models import Question, QuestionKind, QuestionVersion
from server.activities.quiz.bank.schemas import LETTERS, QuestionFilter, QuestionState
from server.core.errors import NotFound
from server.core.text import fold
from server.core.ttl_cache import TtlCache
from server.kit.filters import holds
from server.unions.people.models import Person

STATES: dict[QuestionState, tuple[ColumnElement[bool], ...]] = {
    QuestionState.ALL: (),
    QuestionState.IN_USE: (Question.approved.is_not(None), Question.retired_at.is_(None)),
    QuestionState.WAITING: (
        or_(Question.approved.is_(None), Question.approved != Question.newest),
        Question.retired_at.is_(None),
    ),
    QuestionState.RETIRED: (Question.retired_at.is_not(None),),
}


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

    question_id: UUID
    kind: QuestionKind
    stem: str
    options: tuple[str, ...]
    answer: frozenset[int]
    explanation: str
    statute: str
    article: str
    topic: str


_DRAWABLE: TtlCache[None, tuple[Drawable, ...]] = TtlCache()
_SHEETS: WeakKeyDictionary[Engine, dict[UUID, Sheet]] = WeakKeyDictionary()  # versions never change, so these stay


def list_drawable(session: Session) -> tuple[Drawable, ...]:
    """Every approved question that is not retired, in the order of its id. Up to 30 s old."""
    return _DRAWABLE.get(session, None, lambda: _read_drawable(session))


def forget_drawable() -> None:
    """Read what may be drawn afresh from now on."""
    _DRAWABLE.forget()


def get_sheets(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, Sheet]:
    """Words by version id. An id that nobody knows is left out."""
    known, wanted = _SHEETS.setdefault(session.get_bind().engine, {}), set(version_ids)
    missing = wanted - known.keys()
    if missing:
        found = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(missing)))
        known.update({version.id: _sheet(version) for version in found})
    return {key: known[key] for key in wanted & known.keys()}


def iter_words(session: Session, wanted: QuestionFilter) -> Iterator[tuple[str, QuestionVersion]]:
    """Code and newest words of every question that fits, by code."""
    statement = (
        select(Question.code, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.number == Question.newest, *narrowing(wanted), *STATES[wanted.state])
        .order_by(Question.code)
    )
    yield from session.execute(statement)


def list_newest(session: Session, question_ids: Collection[UUID]) -> dict[UUID, QuestionVersion]:
    """The newest words of these questions, by question."""
    statement = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.id.in_(question_ids), QuestionVersion.number == Question.newest)
    )
    return {version.question_id: version for version in session.scalars(statement)}


def narrowing(wanted: QuestionFilter) -> list[ColumnElement[bool]]:
    """The conditions of the filters other than the state."""
    conditions = [
        column == value
        for column, value in (
            (Question.kind, wanted.kind),
            (Question.topic, wanted.topic),
            (Question.difficulty, wanted.difficulty),
            (Question.statute, wanted.statute),
        )
        if value
    ]
    if wanted.q:
        conditions.append(or_(holds(Question.stem, wanted.q), func.lower(Question.code) == fold(wanted.q)))
    return conditions


def list_statutes(session: Session) -> list[str]:
    """What questions rest on."""
    return list(session.scalars(select(Question.statute).distinct().order_by(Question.statute)))


def get_question(session: Session, question_id: UUID) -> Question:
    """Raises NotFound."""
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound("没有找到这道题。", code="question_not_found")
    return question


def get_version(session: Session, question: Question, number: int) -> QuestionVersion:
    """One version of a question. Raises NotFound."""
    statement = select(QuestionVersion).where(QuestionVersion.question_id == question.id)
    version = session.scalars(statement.where(QuestionVersion.number == number)).first()
    if version is None:
        raise NotFound("没有这一版。", code="question_not_found")
    return version


def list_versions(session: Session, question: Question) -> list[tuple[QuestionVersion, str | None, str | None]]:
    """Every version with the names of its author and of who approved it, the newest first."""
    approver = aliased(Person)
    statement = (
        select(QuestionVersion, Person.name, approver.name)
        .outerjoin(Person, Person.id == QuestionVersion.author_id)
        .outerjoin(approver, approver.id == QuestionVersion.approved_by_id)
        .where(QuestionVersion.question_id == question.id)
        .order_by(QuestionVersion.number.desc())
    )
    return [(version, author, name) for version, author, name in session.execute(statement)]


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
        version.question_id,
        version.kind,
        version.stem,
        tuple(version.options),
        frozenset(LETTERS.index(letter) for letter in version.answer),
        version.explanation,
        version.statute,
        version.article,
        version.topic,
    )


def list_waiting(session: Session, person_id: UUID, *, limit: int) -> Sequence[tuple[Question, QuestionVersion]]:
    """Questions with their newest words, written by others than this person and approved by nobody, by code."""
    statement = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(
            QuestionVersion.number == Question.newest,
            QuestionVersion.author_id.is_distinct_from(person_id),
            *STATES[QuestionState.WAITING],
        )
        .order_by(Question.code)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]
