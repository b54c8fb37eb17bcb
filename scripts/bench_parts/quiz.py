"""The quiz at eight in the evening: starting, answering and handing in, beside a bare hello; leaderboards by length."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from bench_parts import wrk
from bench_parts.creating import figures, report
from bench_parts.options import Options
from bench_parts.rounds import Measure, take_turns
from bench_parts.seeding import take_stock
from bench_parts.stage import Ready, Stage
from server.activities.quiz.attempts.models import Attempt, AttemptStatus, QuizPaper
from server.activities.quiz.attempts.scores.grading import pack, shuffle_options
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.queries import list_drawable
from server.activities.quiz.bank.shipped.questions import read_shipped
from server.activities.quiz.levels.actions import publish_quiz
from server.activities.quiz.levels.drawing.quotas import draw
from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.activities.quiz.levels.schemas import QuotaIn
from server.activities.quiz.standings.computing.pages import keep_pages
from server.activities.quiz.standings.models import BoardKind, QuizBoard, QuizBoardRow
from server.core import clock, ids
from server.core.clock import in_shanghai
from server.core.db import Database

DICE = SystemRandom()
LEVELS = 30
QUESTIONS = 10
"""As the standard levels have."""
BATCH = 5_000
Act = str
"""start, answer or submit: the Lua script of that name does it."""
ACTS: tuple[Act, ...] = ("start", "answer", "submit")


def measure(stage: Stage, options: Options) -> tuple[str, dict[str, Any]]:
    """Medians and ratios, as tables and as data."""
    with ExitStack() as stack:
        bare, pids = stack.enter_context(stage.bare())
        measures: dict[str, Measure] = {
            "hello": lambda _: figures(wrk.run(f"{bare.base_url}/hello", options.seconds, "get", {}, pids))
        }
        for kind in options.databases:
            settings = stage.settings(kind)
            ready = stack.enter_context(stage.service(kind, settings, stage.fill(settings, 1)))
            load_questions(ready)
            for name in ACTS:
                measures[f"{kind} {name}"] = lambda _, ready=ready, name=name: act(ready, name, stage.folder, options)
            for rows in options.rows:
                url = f"/api/v1/quizzes/{add_board(ready, rows)}/leaderboard"
                measures[f"{kind} leaderboard of {rows}"] = lambda _, ready=ready, url=url: _look(ready, url, options)
        series = take_turns(measures, options.rounds, options.say)
    return report("quiz", series)


def load_questions(ready: Ready) -> None:
    """The questions that are shipped."""
    with _open(ready) as database, database.transaction() as session:
        load_shipped(session, read_shipped(), now=clock.now())


def act(ready: Ready, name: Act, folder: Path, options: Options) -> Mapping[str, float]:
    """One round of one act on a quiz of its own, and a look that it did what it said."""
    path = folder / f"{ready.name}.{name}"
    with _open(ready) as database, database.transaction() as session:
        quiz_id = _add_quiz(session, ready.city.campaign_id)
        lines = (
            [f"{worker.token} {quiz_id} {level}" for level in range(1, LEVELS + 1) for worker in ready.city.workers]
            if name == "start"
            else _add_attempts(session, ready, quiz_id)
        )
    path.write_text("\n".join(lines) + "\n")
    load = wrk.run(ready.service.base_url, options.seconds, f"quiz_{name}", {"lines": path}, ready.pids)
    with _open(ready) as database, database.reading() as session:
        done = _count(session, quiz_id, name)
    expected = min(load.requests, len(lines))
    if name != "answer" and not expected <= done <= expected + wrk.CONNECTIONS:
        raise wrk.BenchError(f"{name}: {load.requests} answers, but {done} rows")
    return figures(load)


def _count(session: Session, quiz_id: UUID, name: Act) -> int:
    status = AttemptStatus.GRADED if name == "submit" else AttemptStatus.RUNNING
    statement = select(func.count()).where(Attempt.quiz_id == quiz_id, Attempt.status == status)
    return session.scalar(statement) or 0


def _add_quiz(session: Session, campaign_id: UUID) -> UUID:
    """Thirty levels, all open, so that everybody can begin thirty attempts."""
    now, quiz_id = clock.now(), ids.new_id()
    opened = now - timedelta(days=1)
    session.add(
        Quiz(
            id=quiz_id, campaign_id=campaign_id, name="测量", rules="", opens_at=opened, created_at=now,
            closes_at=now + timedelta(days=1), opening=Opening.BY_DAY,
        )
    )  # fmt: skip
    session.flush()
    for number in range(1, LEVELS + 1):
        session.add(
            QuizLevel(
                quiz_id=quiz_id, number=number, name=f"第 {number} 关", opens_at=opened, seconds=3600, pass_mark=60,
                tries_per_day=99, quotas=[{"count": QUESTIONS}],
            )
        )  # fmt: skip
    session.flush()
    publish_quiz(session, quiz_id, actor_id=None, now=now)
    return quiz_id


def _add_attempts(session: Session, ready: Ready, quiz_id: UUID) -> list[str]:
    """Everybody's thirty attempts under way, on one paper; returns token, attempt and shape of each."""
    now = clock.now()
    drawn = draw([QuotaIn(count=QUESTIONS)], list_drawable(session), DICE)
    questions = pack(shuffle_options(question, DICE) for question in drawn)
    shape = {
        "option_counts": "".join(str(question.options) for question in drawn),
        "is_multiple": "".join("m" if question.kind is QuestionKind.MULTIPLE else "s" for question in drawn),
    }
    lines, attempts, papers = [], [], []
    for level in range(1, LEVELS + 1):
        for worker in ready.city.workers:
            attempt_id = ids.new_id()
            attempts.append(_attempt(attempt_id, worker.id, quiz_id, level, shape, now))
            papers.append({"attempt_id": attempt_id, "pass_mark": 60, "questions": questions})
            lines.append(f"{worker.token} {attempt_id} {QUESTIONS}")
    session.execute(cast(Table, Attempt.__table__).insert(), attempts)
    session.execute(cast(Table, QuizPaper.__table__).insert(), papers)
    return lines


def _attempt(
    attempt_id: UUID, person_id: UUID, quiz_id: UUID, level: int, shape: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    return {
        "id": attempt_id,
        "person_id": person_id,
        "quiz_id": quiz_id,
        "level": level,
        "day": in_shanghai(now).date(),
        "try_number": 1,
        "status": AttemptStatus.RUNNING,
        "started_at": now,
        "deadline_at": now + timedelta(hours=1),
        "answers": {},
        "device": "",
        **shape,
    }


def add_board(ready: Ready, rows: int) -> UUID:
    """A quiz with a leaderboard of so many people, and files in order: PostgreSQL does not tidy them up while others
    are measured."""
    with _open(ready) as database:
        quiz_id = _fill_board(database, ready, rows)
        take_stock(database)
        return quiz_id


def _fill_board(database: Database, ready: Ready, rows: int) -> UUID:
    with database.transaction() as session:
        quiz_id = _add_quiz(session, ready.city.campaign_id)
        session.add(QuizBoard(quiz_id=quiz_id, board=BoardKind.PEOPLE, snapshot=1, computed_at=clock.now()))
        session.flush()
        for first in range(1, rows + 1, BATCH):
            session.execute(
                cast(Table, QuizBoardRow.__table__).insert(),
                [_place(quiz_id, position) for position in range(first, min(first + BATCH, rows + 1))],
            )
        keep_pages(session, quiz_id, BoardKind.PEOPLE, 1, clock.now())
        return quiz_id


def _place(quiz_id: UUID, position: int) -> dict[str, Any]:
    return {
        "quiz_id": quiz_id,
        "board": BoardKind.PEOPLE,
        "snapshot": 1,
        "position": position,
        "rank": position,
        "subject_id": ids.new_id(),
        "label": "赵** · 测试示例有限公司",
        "score": 900,
        "duration_ms": position,
        "people": 1,
    }


def _look(ready: Ready, url: str, options: Options) -> Mapping[str, float]:
    arguments = {"token": ready.city.workers[0].token}
    return figures(wrk.run(f"{ready.service.base_url}{url}", options.seconds, "get", arguments, ready.pids))


@contextmanager
def _open(ready: Ready) -> Iterator[Database]:
    database = Database(ready.settings)
    try:
        yield database
    finally:
        database.close()
