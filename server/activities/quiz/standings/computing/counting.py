"""Counting how a quiz's questions are answered, in a job."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, QuizPaper
from server.activities.quiz.attempts.scores.grading import outcomes, versions_of
from server.activities.quiz.bank.queries import Sheet, get_sheets
from server.activities.quiz.standings.models import QuestionFigure, QuizFigures
from server.core.db import Database

BATCH = 2_000
LAG = timedelta(seconds=60)  # transactions that graded a little earlier may commit a little later
Key = tuple[datetime, UUID]
"""When an attempt was graded, and its id."""


@dataclass(slots=True)
class Sums:
    """What a batch of attempts adds to a question's figures."""

    asked: int = 0
    right: int = 0
    scores: float = 0
    scores_squared: float = 0
    scores_right: float = 0
    timed: int = 0
    time_ms: float = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Graded attempts after those that are counted: how many, the key before them and their last one's, what they add
    to the questions."""

    count: int
    after: Key | None
    last: Key
    sums: Mapping[UUID, Sums]


def count_questions(database: Database, quiz_id: UUID, now: datetime) -> None:
    """Add what was graded since the last time to the questions' sums: worked out beside everybody else, written in
    small transactions."""
    while True:
        with database.reading() as session:
            batch = _read_batch(session, quiz_id, now)
        if batch is None:
            return
        with database.transaction() as session:
            _add_batch(session, quiz_id, batch)


def _read_batch(session: Session, quiz_id: UUID, now: datetime) -> Batch | None:
    """The next graded attempts and what they add up to; None if there are none. Nobody waits meanwhile."""
    after = _counted(session.get(QuizFigures, quiz_id))
    statement = (
        select(
            Attempt.id, Attempt.graded_at, Attempt.started_at, Attempt.score, Attempt.answers, QuizPaper.questions
        )
        .join(QuizPaper, QuizPaper.attempt_id == Attempt.id)
        .where(Attempt.quiz_id == quiz_id, Attempt.graded_at < now - LAG)
        .order_by(Attempt.graded_at, Attempt.id)
        .limit(BATCH)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(tuple_(Attempt.graded_at, Attempt.id) > tuple_(*after))
    rows = session.execute(statement).all()
    if not rows:
        return None
    sheets = get_sheets(session, versions_of(row.questions for row in rows))
    sums: defaultdict[UUID, Sums] = defaultdict(Sums)
    for row in rows:
        _add_attempt(row, sheets, sums)
    return Batch(len(rows), after, (rows[-1].graded_at, rows[-1].id), sums)


def _add_batch(session: Session, quiz_id: UUID, batch: Batch) -> None:
    """Add it to the questions' sums, unless another run was faster.

    Where it stands is kept in the same transaction: each attempt is counted once.
    """
    state = figures_of(session, quiz_id)
    if _counted(state) == batch.after:
        _write(session, quiz_id, batch.sums)
        state.counted_until, state.counted_id = batch.last


def figures_of(session: Session, quiz_id: UUID) -> QuizFigures:
    """The quiz's figures, locked; empty ones if nothing was counted yet."""
    state = session.get(QuizFigures, quiz_id, with_for_update=True)
    if state is None:
        state = QuizFigures(quiz_id=quiz_id, data={})
        session.add(state)
        session.flush()
    return state


def _counted(state: QuizFigures | None) -> Key | None:
    if state is None or state.counted_until is None or state.counted_id is None:
        return None
    return state.counted_until, state.counted_id


def _add_attempt(row: Row[Any], sheets: Mapping[UUID, Sheet], sums: defaultdict[UUID, Sums]) -> None:
    times = answer_times(row.answers, int(row.started_at.timestamp() * 1000))
    score = row.score or 0
    for position, (version_id, is_right) in enumerate(outcomes(row.questions, row.answers, sheets)):
        one = sums[version_id]
        one.asked += 1
        one.scores += score
        one.scores_squared += score * score
        if is_right:
            one.right += 1
            one.scores_right += score
        if position in times:
            one.timed += 1
            one.time_ms += times[position]


def answer_times(answers: Mapping[str, Any], started_ms: int) -> dict[int, int]:
    """Milliseconds from the answer before (or the start) to each answer as it was given last."""
    times, before = {}, started_ms
    for position, (_, moment) in sorted(answers.items(), key=lambda item: item[1][1]):
        times[int(position)] = max(0, moment - before)
        before = moment
    return times


def _write(session: Session, quiz_id: UUID, sums: Mapping[UUID, Sums]) -> None:
    mine = select(QuestionFigure).where(QuestionFigure.quiz_id == quiz_id, QuestionFigure.version_id.in_(sums))
    known = {row.version_id: row for row in session.scalars(mine)}
    for version_id, one in sums.items():
        row = known.get(version_id)
        if row is None:
            row = QuestionFigure(
                quiz_id=quiz_id, version_id=version_id, asked=0, right=0, scores=0, scores_squared=0, scores_right=0,
                timed=0, time_ms=0,
            )  # fmt: skip
            session.add(row)
        for name in Sums.__slots__:
            setattr(row, name, getattr(row, name) + getattr(one, name))
