"""Handing in: graded once, by the server's clock, whoever asks and however often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Table, Text, bindparam, func, literal, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.papers import close_attempt
from server.activities.quiz.attempts.answering.saving import checked_answers
from server.activities.quiz.attempts.events import AttemptGraded
from server.activities.quiz.attempts.models import Attempt, AttemptSignal, AttemptStatus, QuizPaper
from server.activities.quiz.attempts.ports import ASKED_ELSEWHERE
from server.activities.quiz.attempts.queries import (
    Elsewhere,
    describe_result,
    get_result,
    papers_under_way,
    questions_on,
)
from server.activities.quiz.attempts.schemas import LateAnswer, ResultOut
from server.activities.quiz.attempts.scores.grading import Mark
from server.activities.quiz.attempts.scores.score_totals import Progress, count_attempt, hold_standing_of
from server.activities.quiz.attempts.signals.thresholds import find_signals
from server.activities.quiz.levels.queries import get_facts
from server.core import ids
from server.core.clock import in_shanghai
from server.core.db import Database, read_ahead
from server.core.errors import NotFound
from server.core.events import publish
from server.core.prepared import Prepared
from server.rewards.certificates.actions import issue_certificate
from server.unions.actor import Actor
from server.unions.people.models import Person

_TABLE, _PAPERS = cast(Table, Attempt.__table__), cast(Table, QuizPaper.__table__)
_COLUMNS = [column.name for column in _TABLE.c]
_ANYBODYS = select(*_TABLE.c, _PAPERS.c.pass_mark, _PAPERS.c.questions).where(
    _PAPERS.c.attempt_id == _TABLE.c.id, _TABLE.c.id == bindparam("wanted_id")
)
_READ = Prepared(_ANYBODYS)
_GRADED = ("status", "answers", "graded_at", "score", "right", "has_passed", "duration_ms")


@cache
def _read_own(elsewhere: Elsewhere, dialect: str) -> Prepared:
    """The attempt, its paper, and the other papers of the person as one text, joined by commas."""
    others = papers_under_way(elsewhere).subquery()
    join = func.group_concat if dialect == "sqlite" else func.string_agg
    joined = select(join(sql_cast(others.c.questions, Text), literal(","))).scalar_subquery()
    return Prepared(_ANYBODYS.add_columns(joined).where(_TABLE.c.person_id == bindparam("asker_id")))


@cache
def _write_grade(dialect: str) -> Prepared:
    """Grades what is still as it was read: not another's doing, and no answer saved since. On PostgreSQL it takes hold
    of the person's standing as well."""
    said: ColumnElement[Any] = bindparam("answers_read", type_=_TABLE.c.answers.type)
    is_as_read = func.json(_TABLE.c.answers) == func.json(said) if dialect == "sqlite" else _TABLE.c.answers == said
    grade = (
        update(_TABLE)
        .where(_TABLE.c.id == bindparam("wanted_id"), _TABLE.c.status == AttemptStatus.RUNNING, is_as_read)
        .values({name: bindparam(f"new_{name}", type_=_TABLE.c[name].type) for name in _GRADED})
        .returning(_TABLE.c.id, _TABLE.c.person_id, _TABLE.c.quiz_id)
    )
    return Prepared(grade if dialect == "sqlite" else hold_standing_of(grade.cte("graded")))


@dataclass(frozen=True, slots=True)
class _Read:
    """An attempt as it stood before the turn to write, in nobody's session, and its paper; the papers that the person
    is answering beside it."""

    attempt: Attempt
    paper: QuizPaper
    answers: dict[str, Any]
    others: list[Any]


def submit_attempt(
    database: Database, attempt_id: UUID, late: Sequence[LateAnswer], *, actor: Actor, now: datetime
) -> ResultOut:
    """Grade an attempt with what was saved and, if there is time left, with the answers that come along; in a
    transaction of its own, so that nobody waits to write while the result is put together.

    After the deadline what arrived in time counts. Doing it again changes nothing. Raises NotFound, Invalid.
    """
    with database.transaction() as session:
        graded = _hand_in(session, attempt_id, late, actor, now)
    with database.reading() as session:
        if graded is None:
            return get_result(session, attempt_id, actor.person_id, now)
        read, marks, progress = graded
        attempt = read.attempt
        # One attempt at a level at a time: this one's number is that of all tries of its day.
        tries = attempt.try_number if attempt.day == in_shanghai(now).date() else 0
        return describe_result(
            session, attempt, read.paper, marks, is_best=progress.is_best, is_finished=progress.is_finished,
            tries=tries, asked_now=questions_on(session, read.others),
        )  # fmt: skip


def _hand_in(
    session: Session, attempt_id: UUID, late: Sequence[LateAnswer], actor: Actor, now: datetime
) -> tuple[_Read, list[Mark], Progress] | None:
    """None if it was graded before."""
    while True:
        read = _read(session, attempt_id, actor.person_id, now)
        attempt = read.attempt
        if attempt.status is AttemptStatus.GRADED:
            return None
        if now < attempt.deadline_at and late:
            attempt.answers = {**attempt.answers, **checked_answers(attempt, late, now)}
        if (finished := _finish(session, read, actor.enterprise_id, now)) is not None:
            return read, *finished


def grade_overdue(session: Session, attempt_id: UUID, now: datetime) -> bool:
    """Grade an attempt whose time is over. False, and nothing done, while it still has time."""
    while True:
        read = _read(session, attempt_id, None, now)
        if read.attempt.status is not AttemptStatus.RUNNING:
            return True
        if now < read.attempt.deadline_at:
            return False
        enterprise_id = session.scalar(select(Person.enterprise_id).where(Person.id == read.attempt.person_id))
        if _finish(session, read, enterprise_id, now) is not None:
            return True


def _read(session: Session, attempt_id: UUID, person_id: UUID | None, now: datetime) -> _Read:
    """Before the turn to write, which then is held for as long as writing takes and no longer. `person_id` None:
    whoever's it is, and nothing beside it."""
    if person_id is None:
        rows = read_ahead(session, _READ, {"wanted_id": attempt_id})
    else:
        values = {"wanted_id": attempt_id, "but_id": attempt_id, "asker_id": person_id, "moment": now}
        statement = _read_own(ASKED_ELSEWHERE.answers, session.get_bind().dialect.name)
        rows = read_ahead(session, statement, values)
    if not rows:
        raise NotFound("没有找到这次闯关。", code="attempt_not_found")
    end = len(_COLUMNS)
    attempt = Attempt(**dict(zip(_COLUMNS, rows[0][:end], strict=True)))
    pass_mark, questions, *joined = rows[0][end:]
    others = orjson.loads(f"[{joined[0] or ''}]") if joined else []
    return _Read(attempt, QuizPaper(pass_mark=pass_mark, questions=questions), attempt.answers, others)


def _finish(
    session: Session, read: _Read, enterprise_id: UUID | None, now: datetime
) -> tuple[list[Mark], Progress] | None:
    """Grade, write and count it. None, and nothing written, if it has changed since it was read."""
    attempt = read.attempt
    levels = len(get_facts(session, attempt.quiz_id).levels)
    marks = close_attempt(session, attempt, read.paper.questions, read.paper.pass_mark, now)
    ended_at = min(now, attempt.deadline_at)
    attempt.duration_ms = max(1, round((ended_at - attempt.started_at).total_seconds() * 1000))
    connection = session.connection()
    values = {f"new_{name}": getattr(attempt, name) for name in _GRADED}
    values |= {"wanted_id": attempt.id, "answers_read": read.answers}
    if connection.dialect.name != "sqlite":
        values |= {"held_enterprise_id": enterprise_id, "held_at": now}
    if not _write_grade(connection.dialect.name).execute(connection, values):
        return None
    _note_signals(session, attempt, len(marks), attempt.duration_ms, now)
    progress = count_attempt(session, attempt, enterprise_id, levels, now)
    _tell(session, attempt, marks, progress.finished_now, now)
    return marks, progress


def _note_signals(session: Session, attempt: Attempt, total: int, duration_ms: int, now: datetime) -> None:
    for kind, detail in find_signals(attempt.answers, total, attempt.score or 0, duration_ms):
        session.add(AttemptSignal(id=ids.new_id(), attempt_id=attempt.id, kind=kind, detail=detail, noticed_at=now))
        session.flush()


def _tell(session: Session, attempt: Attempt, marks: Sequence[Mark], finished: bool, now: datetime) -> None:
    person_id = attempt.person_id
    wrong = tuple(mark.asked.version_id for mark in marks if not mark.is_right)
    publish(session, AttemptGraded(at=now, actor_id=person_id, person_id=person_id, wrong=wrong))
    if finished:
        issue_certificate(session, attempt.quiz_id, person_id, now=now)
