"""Saving one answer: the request that a whole city sends at once. One UPDATE checks and writes it."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Table, Text, bindparam, func, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.answering.papers import Kind, table_of
from server.activities.quiz.attempts.models import Attempt, AttemptColumns, AttemptStatus
from server.activities.quiz.attempts.schemas import AnswerSaved, LateAnswer
from server.activities.quiz.attempts.scores.grading import mask_of
from server.core.db import Database
from server.core.errors import Conflict, Invalid, NotFound
from server.core.prepared import Prepared

OVER = "时间到了，或者已经交卷，不能再改。"


def _with_answer(table: Table, dialect: str) -> ColumnElement[Any]:
    """The answers with one of them replaced, as the database itself works it out."""
    position, answer = bindparam("position", type_=Text), bindparam("answer", type_=Text)
    if dialect == "sqlite":
        return func.json_set(table.c.answers, func.printf('$."%s"', position), func.json(answer))
    path = sql_cast(array([position]), ARRAY(Text))
    return func.jsonb_set(table.c.answers, path, sql_cast(answer, JSONB))


@cache
def _statement(table: Table, dialect: str) -> Prepared:
    place = bindparam("place", type_=Integer)  # from 1, as SQL counts characters
    columns = table.c
    return Prepared(
        update(table)
        .where(
            columns.id == bindparam("attempt_id"),
            columns.person_id == bindparam("asker_id"),
            columns.status == AttemptStatus.RUNNING,
            columns.deadline_at > bindparam("moment"),
            func.length(columns.option_counts) >= place,
            sql_cast(func.substr(columns.option_counts, place, 1), Integer) > bindparam("highest"),
            (func.substr(columns.is_multiple, place, 1) == "m") | (bindparam("ticked", type_=Integer) <= 1),
        )
        .values(answers=_with_answer(table, dialect))
        .returning(columns.deadline_at, columns.answers)
    )


def save_answer(
    database: Database, attempt_id: UUID, position: int, chosen: Sequence[int], *, person_id: UUID, now: datetime,
    of: Kind = Attempt,
) -> AnswerSaved:  # fmt: skip
    """Keep what is ticked at a position; nothing ticked takes an answer back. One statement when all is well, which is
    a transaction of its own: it is committed when this returns.

    Raises NotFound for another person's attempt, Conflict once it is over, Invalid for what was not asked.
    """
    values = {
        "attempt_id": attempt_id,
        "asker_id": person_id,
        "moment": now,
        "place": position + 1,
        "position": str(position),
        "highest": max(chosen, default=0),
        "ticked": len(set(chosen)),
        "answer": json.dumps([mask_of(chosen), int(now.timestamp() * 1000)]),
    }
    saved = database.write_one(_statement(table_of(of), database.engine.dialect.name), values)
    if not saved:
        with database.reading() as session:
            raise _explain(session, of, attempt_id, person_id, position, now)
    [(deadline_at, answers)] = saved
    return AnswerSaved(
        answered=sum(1 for mask, _ in answers.values() if mask),
        seconds_left=round((deadline_at - now).total_seconds(), 1),
    )


def checked_answers(attempt: AttemptColumns, late: Sequence[LateAnswer], now: datetime) -> dict[str, list[int]]:
    """Answers that come with the submission, as they are stored. Raises Invalid."""
    for answer in late:
        check_answer(attempt, answer.position, answer.chosen)
    moment = int(now.timestamp() * 1000)
    return {str(answer.position): [mask_of(answer.chosen), moment] for answer in late}


def check_answer(attempt: AttemptColumns, position: int, chosen: Sequence[int]) -> None:
    """The same checks for answers that come with the submission. Raises Invalid."""
    if position >= len(attempt.option_counts):
        raise _no_question()
    fits = max(chosen, default=0) < int(attempt.option_counts[position])
    if not fits or (len(set(chosen)) > 1 and attempt.is_multiple[position] != "m"):
        raise _no_option()


def _explain(
    session: Session, of: Kind, attempt_id: UUID, person_id: UUID, position: int, now: datetime
) -> NotFound | Conflict | Invalid:
    attempt: AttemptColumns | None = session.scalars(
        select(of).where(of.id == attempt_id, of.person_id == person_id)
    ).one_or_none()
    if attempt is None:
        return NotFound("没有找到这份卷子。", code="attempt_not_found")
    if attempt.status is not AttemptStatus.RUNNING or attempt.deadline_at <= now:
        return Conflict(OVER, code="attempt_over")
    return _no_question() if position >= len(attempt.option_counts) else _no_option()


def _no_question() -> Invalid:
    return Invalid("没有这道题。", code="unknown_question", fields={"position": "没有这道题"})


def _no_option() -> Invalid:
    return Invalid("没有这个选项，或者只能选一个。", code="unknown_option", fields={"chosen": "请重新选择"})
