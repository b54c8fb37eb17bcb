"""What attempts of every kind have alike: a paper is drawn, takes a try's number, is marked, is graded in the end."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import AttemptColumns, AttemptStatus
from server.activities.quiz.attempts.scores.grading import Asked, Mark, grade, score_of, shuffle_options, unpack
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import Drawable, get_sheets, list_drawable
from server.activities.quiz.levels.drawing.quotas import draw
from server.activities.quiz.levels.schemas import QuotaIn
from server.core import clock
from server.core.db import Database, upsert
from server.core.errors import NotFound
from server.core.prepared import Prepared

Kind = type[Any]
"""A table of attempts: a model with AttemptColumns."""
Paper = Sequence[tuple[Drawable, Asked]]
BATCH = 200
GRACE = timedelta(seconds=30)  # the phone hands in by itself when time is up
_DICE = random.SystemRandom()


def draw_paper(session: Session, quotas: Sequence[QuotaIn]) -> Paper:
    """Questions with their options shuffled. No statement when warm. Raises NotFound while the bank has none."""
    drawn = draw(quotas, list_drawable(session), _DICE)
    if not drawn:
        raise NotFound("题库还没有准备好，请联系工会。", code="bank_empty")
    return [(question, shuffle_options(question, _DICE)) for question in drawn]


def begun_columns(paper: Paper, now: datetime, deadline_at: datetime) -> dict[str, Any]:
    """The columns of an attempt at a paper that begins now."""
    return {
        "status": AttemptStatus.RUNNING,
        "started_at": now,
        "deadline_at": deadline_at,
        "option_counts": "".join(str(question.options) for question, _ in paper),
        "is_multiple": "".join("m" if question.kind is QuestionKind.MULTIPLE else "s" for question, _ in paper),
        "answers": {},
    }


def table_of(of: Kind) -> Table:
    """The table of a kind of attempts."""
    return cast(Table, inspect(of).local_table)


@cache
def _insert(table: Table, columns: tuple[str, ...]) -> Prepared:
    return Prepared(upsert(table).on_conflict_do_nothing().returning(table.c.id), columns)


def insert_attempt(session: Session, of: Kind, values: dict[str, Any]) -> bool:
    """Take the try's number. False if somebody was faster: the same person on another phone, or this very request."""
    return bool(_insert(table_of(of), tuple(values)).execute(session.connection(), values))


def close_attempt(
    session: Session, attempt: AttemptColumns, questions: Sequence[Any], pass_mark: int, now: datetime
) -> list[Mark]:
    """Mark an attempt by the answers that it has. `questions`: its paper as it is stored."""
    asked = unpack(questions)
    marks = grade(asked, attempt.answers, get_sheets(session, [each.version_id for each in asked]))
    attempt.status, attempt.graded_at = AttemptStatus.GRADED, now
    attempt.right = sum(mark.is_right for mark in marks)
    attempt.score = score_of(attempt.right, len(marks))
    attempt.has_passed = attempt.score >= pass_mark
    return marks


def grade_all_overdue(database: Database, of: Kind, grade_overdue: Callable[[Session, UUID, datetime], bool]) -> None:
    """Grade what nobody handed in, each in a transaction of its own."""
    while True:
        now = clock.now()
        over = of.status == AttemptStatus.RUNNING, of.deadline_at < now - GRACE
        with database.reading() as session:
            found = session.scalars(select(of.id).where(*over).order_by(of.deadline_at).limit(BATCH)).all()
        for attempt_id in found:
            with database.transaction() as session:
                grade_overdue(session, attempt_id, now)
        if len(found) < BATCH:
            return
