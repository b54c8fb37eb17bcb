"""Starting an attempt: drawn and timed by the server, within the day's tries however many start at once."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Integer, Table, bindparam, exists, func, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.papers import Paper, begun_columns, draw_paper
from server.activities.quiz.attempts.answering.submitting import grade_overdue
from server.activities.quiz.attempts.models import Attempt, AttemptStatus, QuizBest, QuizPaper
from server.activities.quiz.attempts.queries import describe_attempt, get_attempt
from server.activities.quiz.attempts.rules import may_start, quiz_status
from server.activities.quiz.attempts.schemas import AttemptOut, QuizStatus
from server.activities.quiz.attempts.scores.grading import pack
from server.activities.quiz.levels.models import Quiz
from server.activities.quiz.levels.queries import LevelFacts, QuizFacts, forget_quizzes, get_facts
from server.core.clock import in_shanghai
from server.core.db import read_ahead, settings_of
from server.core.errors import Conflict, Forbidden, Invalid, TooMany
from server.core.ids import is_uuid7
from server.core.new_rows import insert_unless_known, value_of_first
from server.core.prepared import Prepared
from server.unions.actor import Actor
from server.unions.campaigns.models import Campaign

_TRIES, _PAPERS = cast(Table, Attempt.__table__), cast(Table, QuizPaper.__table__)
_ATTEMPTS, _BESTS = _TRIES.c, cast(Table, QuizBest.__table__).c
_MINE = (
    _ATTEMPTS.person_id == bindparam("asker_id"),
    _ATTEMPTS.quiz_id == bindparam("the_quiz_id"),
    _ATTEMPTS.level == bindparam("number"),
)
_LOOK = Prepared(
    select(
        exists().where(_ATTEMPTS.id == bindparam("attempt_id")),
        select(func.coalesce(func.max(_ATTEMPTS.try_number), 0))
        .where(*_MINE, _ATTEMPTS.day == bindparam("today"))
        .scalar_subquery(),
        select(_ATTEMPTS.id).where(*_MINE, _ATTEMPTS.status == AttemptStatus.RUNNING).scalar_subquery(),
        select(_BESTS.level)
        .where(
            _BESTS.person_id == bindparam("asker_id"),
            _BESTS.quiz_id == bindparam("the_quiz_id"),
            _BESTS.level == bindparam("number", type_=Integer) - 1,
            _BESTS.has_passed.is_(True),
        )
        .scalar_subquery(),
    )
)
_TAKES_NEW = exists().where(
    Quiz.id == value_of_first(_ATTEMPTS.quiz_id), Campaign.id == Quiz.campaign_id, Campaign.archived_at.is_(None)
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
    paper = draw_paper(session, level.quotas)
    while True:
        situation = _look(session, attempt_id, quiz_id, number, actor, now)
        if situation.is_known:
            _check_same(session, attempt_id, quiz_id, number, actor)
            return get_attempt(session, attempt_id, actor.person_id, now), False
        _check(session, quiz, level, situation, now)
        values = _values(session, attempt_id, level, paper, situation.tries + 1, quiz_id, actor, visitor, now)
        asked = [each for _, each in paper]
        stored = {"attempt_id": attempt_id, "pass_mark": level.pass_mark, "questions": pack(asked)}
        if insert_unless_known(session, (_TRIES, values), [(_PAPERS, stored)], by=None, only_if=_TAKES_NEW):
            return describe_attempt(session, Attempt(**values), asked, now), True
        # Somebody was faster, the same person on another phone or this very request; or another process archived it.
        forget_quizzes()
        quiz = get_facts(session, quiz_id)


def _check_same(session: Session, attempt_id: UUID, quiz_id: UUID, number: int, actor: Actor) -> None:
    statement = select(Attempt.person_id, Attempt.quiz_id, Attempt.level).where(Attempt.id == attempt_id)
    if tuple(session.execute(statement).one()) != (actor.person_id, quiz_id, number):
        raise Conflict("这个编号已经用过了，请重新开始。", code="content_differs")


def _look(session: Session, attempt_id: UUID, quiz_id: UUID, number: int, actor: Actor, now: datetime) -> Snapshot:
    """One statement, before the turn to write: what others do meanwhile, the table's keys refuse."""
    values = {
        "attempt_id": attempt_id,
        "asker_id": actor.person_id,
        "the_quiz_id": quiz_id,
        "number": number,
        "today": in_shanghai(now).date(),
    }
    [(is_known, tries, running_id, before)] = read_ahead(session, _LOOK, values)
    return Snapshot(is_known, tries, running_id, frozenset({before} - {None}))


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


def _values(
    session: Session,
    attempt_id: UUID,
    level: LevelFacts,
    paper: Paper,
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
        **begun_columns(paper, now, now + timedelta(seconds=level.seconds)),
        "device": _device(session, visitor, now),
    }


def _device(session: Session, visitor: Visitor, now: datetime) -> str:
    """A keyed hash that changes every day: enough to see that many people play on one phone, no trace beyond."""
    key = settings_of(session).secret_key.get_secret_value().encode()
    said = f"quiz-device:{in_shanghai(now).date()}:{visitor.address}:{visitor.browser}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:16]
