"""Starting an attempt: drawn and timed by the server, within the day's tries however many start at once."""

import hashlib
import hmac
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Integer, Table, bindparam, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.submitting import grade_overdue
from server.activities.quiz.attempts.models import Attempt, AttemptStatus, QuizBest, QuizPaper
from server.activities.quiz.attempts.queries import describe_attempt, get_attempt
from server.activities.quiz.attempts.rules import may_start, quiz_status
from server.activities.quiz.attempts.schemas import AttemptOut, QuizStatus
from server.activities.quiz.attempts.scores.grading import Asked, pack, shuffle_options
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import Drawable, list_drawable
from server.activities.quiz.levels.drawing.quotas import draw
from server.activities.quiz.levels.queries import LevelFacts, QuizFacts, get_facts
from server.core.clock import in_shanghai
from server.core.db import settings_of
from server.core.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from server.core.ids import is_uuid7
from server.unions.actor import Actor

_TABLE = cast(Table, Attempt.__table__)
_PAPERS = cast(Table, QuizPaper.__table__)
_INSERTS = {
    name: dialect.insert(_TABLE).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_DICE = random.SystemRandom()
_MINE = (
    Attempt.person_id == bindparam("asker_id"),
    Attempt.quiz_id == bindparam("the_quiz_id"),
    Attempt.level == bindparam("number"),
)
_LOOK = select(
    exists().where(Attempt.id == bindparam("attempt_id")).label("is_known"),
    select(func.coalesce(func.max(Attempt.try_number), 0))
    .where(*_MINE, Attempt.day == bindparam("today"))
    .scalar_subquery()
    .label("tries"),
    select(Attempt.id).where(*_MINE, Attempt.status == AttemptStatus.RUNNING).scalar_subquery().label("running_id"),
    select(QuizBest.level)
    .where(
        QuizBest.person_id == bindparam("asker_id"),
        QuizBest.quiz_id == bindparam("the_quiz_id"),
        QuizBest.level == bindparam("number", type_=Integer) - 1,
        QuizBest.has_passed.is_(True),
    )
    .scalar_subquery()
    .label("before"),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request came from."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known before a start: is the id taken, tries of the day, an attempt under way, is the level before
    passed."""

    is_known: bool
    tries: int
    running_id: UUID | None
    passed: frozenset[int]


def start_attempt(
    session: Session, attempt_id: UUID, quiz_id: UUID, number: int, *, actor: Actor, visitor: Visitor, now: datetime
) -> tuple[AttemptOut, bool]:
    """Draw a paper and start its time. Returns the attempt and whether it is new; the same again changes nothing.

    Raises Conflict (`attempt_running`: finish that first; `content_differs`), TooMany (`tries_used_up`), Forbidden
    (`level_locked`, `quiz_not_open`), NotFound.
    """
    if not is_uuid7(attempt_id):
        raise Invalid("编号格式不对。", fields={"id": "要用 UUIDv7"})
    quiz = get_facts(session, quiz_id)
    level = quiz.level(number)
    paper = _draw(list_drawable(session), level)
    while True:
        situation = _look(session, attempt_id, quiz_id, number, actor, now)
        if situation.is_known:
            _check_same(session, attempt_id, quiz_id, number, actor)
            return get_attempt(session, attempt_id, actor.person_id, now), False
        _check(session, quiz, level, situation, now)
        values = _values(session, attempt_id, level, paper, situation.tries + 1, quiz_id, actor, visitor, now)
        if _insert(session, values, level.pass_mark, [asked for _, asked in paper]):
            return describe_attempt(session, Attempt(**values), [asked for _, asked in paper], now), True


def _check_same(session: Session, attempt_id: UUID, quiz_id: UUID, number: int, actor: Actor) -> None:
    statement = select(Attempt.person_id, Attempt.quiz_id, Attempt.level).where(Attempt.id == attempt_id)
    if tuple(session.execute(statement).one()) != (actor.person_id, quiz_id, number):
        raise Conflict("这个编号已经用过了，请重新开始。", code="content_differs")


def _look(session: Session, attempt_id: UUID, quiz_id: UUID, number: int, actor: Actor, now: datetime) -> Snapshot:
    """One statement."""
    values = {
        "attempt_id": attempt_id,
        "asker_id": actor.person_id,
        "the_quiz_id": quiz_id,
        "number": number,
        "today": in_shanghai(now).date(),
    }
    row = session.execute(_LOOK, values).one()
    return Snapshot(row.is_known, row.tries, row.running_id, frozenset({row.before} - {None}))


def _check(session: Session, quiz: QuizFacts, level: LevelFacts, situation: Snapshot, now: datetime) -> None:
    state = quiz_status(quiz, now)
    if state is not QuizStatus.OPEN:
        words = "闯关还没开始。" if state is QuizStatus.COMING else "闯关已经结束。"
        raise Forbidden(words, code="quiz_not_open")
    if not may_start(quiz, level, situation.passed, now):
        raise Forbidden("这一关还没有开放。", code="level_locked")
    if situation.running_id is not None and not grade_overdue(session, situation.running_id, now):
        raise Conflict("这一关还有没交卷的，先答完它。", code="attempt_running")
    if situation.tries >= level.tries_per_day:
        raise TooMany(f"这一关今天的 {level.tries_per_day} 次机会用完了，明天再来。", code="tries_used_up")


def _draw(bank: Sequence[Drawable], level: LevelFacts) -> list[tuple[Drawable, Asked]]:
    drawn = draw(level.quotas, bank, _DICE)
    if not drawn:
        raise NotFound("题库还没有准备好，请联系工会。", code="bank_empty")
    return [(question, shuffle_options(question, _DICE)) for question in drawn]


def _values(
    session: Session,
    attempt_id: UUID,
    level: LevelFacts,
    paper: Sequence[tuple[Drawable, Asked]],
    try_number: int,
    quiz_id: UUID,
    actor: Actor,
    visitor: Visitor,
    now: datetime,
) -> dict[str, Any]:
    return {
        "id": attempt_id,
        "person_id": actor.person_id,
        "quiz_id": quiz_id,
        "level": level.number,
        "day": in_shanghai(now).date(),
        "try_number": try_number,
        "status": AttemptStatus.RUNNING,
        "started_at": now,
        "deadline_at": now + timedelta(seconds=level.seconds),
        "option_counts": "".join(str(question.options) for question, _ in paper),
        "is_multiple": "".join("m" if question.kind is QuestionKind.MULTIPLE else "s" for question, _ in paper),
        "answers": {},
        "device": _device(session, visitor, now),
    }


def _insert(session: Session, values: dict[str, Any], pass_mark: int, paper: Sequence[Asked]) -> bool:
    """Take the try's number. False if somebody was faster: the same person on another phone, or this very request."""
    result = cast(CursorResult[Any], session.execute(_INSERTS[session.get_bind().dialect.name], values))
    if result.rowcount != 1:
        return False
    session.execute(
        _PAPERS.insert(), {"attempt_id": values["id"], "pass_mark": pass_mark, "questions": pack(paper)}
    )  # fmt: skip
    return True


def _device(session: Session, visitor: Visitor, now: datetime) -> str:
    """A keyed hash that changes every day: enough to see that many people play on one phone, no trace beyond."""
    key = settings_of(session).secret_key.get_secret_value().encode()
    said = f"quiz-device:{in_shanghai(now).date()}:{visitor.address}:{visitor.browser}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:16]
