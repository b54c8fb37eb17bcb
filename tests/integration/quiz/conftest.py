"""A quiz that is open, made of the shipped questions, and people who play it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from server.activities.quiz.attempts.models import Attempt
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.bank.queries import forget_drawable
from server.activities.quiz.levels.queries import forget_quizzes
from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from tests.support.callers import Answer, Phone
from tests.support.quizzes import QUESTIONS, add_quiz, right_places, shipped_questions
from tests.support.world import Someone, World

MakeQuiz = Callable[..., UUID]


@pytest.fixture
def bank(database: Database) -> Iterator[None]:
    """Sixty questions of every kind, in use."""
    forget_drawable()
    with database.transaction() as session:
        load_shipped(session, shipped_questions()[:60], now=clock.now())
    yield
    forget_drawable()


@pytest.fixture
def make_quiz(database: Database, world: World, bank: None) -> Iterator[MakeQuiz]:
    """A published quiz of so many levels of four questions each, open from yesterday to tomorrow."""

    def make(levels: int = 2, *, seconds: int = 120, starts: timedelta = timedelta(days=-1), **changes: Any) -> UUID:
        with database.transaction() as session:
            return add_quiz(session, world.campaign_id, levels, seconds=seconds, starts=starts, **changes)

    yield make
    forget_quizzes()


class Player:
    """A worker who plays and, for the test's sake, knows what is right."""

    def __init__(self, phone: Phone, database: Database) -> None:
        self.phone = phone
        self.database = database

    def start(self, quiz_id: UUID, level: int = 1, attempt_id: UUID | None = None) -> Answer:
        body = {"quiz_id": str(quiz_id), "level": level}
        return self.phone.put(f"/api/v1/quiz/attempts/{attempt_id or ids.new_id()}", body)

    def begin(self, quiz_id: UUID, level: int = 1) -> dict[str, Any]:
        answer = self.start(quiz_id, level)
        assert answer.status == 201, answer.text
        attempt: dict[str, Any] = answer.json
        return attempt

    def answer(self, attempt: dict[str, Any], position: int, chosen: list[int]) -> Answer:
        return self.phone.put(f"/api/v1/quiz/attempts/{attempt['id']}/answers/{position}", {"chosen": chosen})

    def submit(self, attempt: dict[str, Any], *late: dict[str, Any]) -> Answer:
        return self.phone.post(f"/api/v1/quiz/attempts/{attempt['id']}/submission", {"answers": list(late)})

    def right(self, attempt: dict[str, Any]) -> list[list[int]]:
        """The right places of every question."""
        with self.database.reading() as session:
            return right_places(session, UUID(attempt["id"]))

    def wrong(self, attempt: dict[str, Any]) -> list[list[int]]:
        """One wrong place of every question."""
        return [
            [next(place for place in range(len(question["options"])) if [place] != right)]
            for question, right in zip(attempt["questions"], self.right(attempt), strict=True)
        ]

    def play(self, quiz_id: UUID, level: int = 1, *, right: int = QUESTIONS) -> dict[str, Any]:
        """A whole attempt with so many right answers; returns its result."""
        attempt = self.begin(quiz_id, level)
        rights, wrongs = self.right(attempt), self.wrong(attempt)
        for position in range(len(rights)):
            self.answer(attempt, position, rights[position] if position < right else wrongs[position]).ok()
        result: dict[str, Any] = self.submit(attempt).ok().json
        return result

    def map(self, quiz_id: UUID) -> dict[str, Any]:
        found: dict[str, Any] = self.phone.get(f"/api/v1/quizzes/{quiz_id}").ok().json
        return found

    def levels(self, quiz_id: UUID) -> list[str]:
        return [level["status"] for level in self.map(quiz_id)["levels"]]


@pytest.fixture
def player(phone: Phone, database: Database) -> Player:
    """The worker of the shipyard."""
    return Player(phone, database)


@pytest.fixture
def player_of(phone_of: Callable[[Someone], Phone], database: Database) -> Callable[[Someone], Player]:
    """Somebody's phone."""
    return lambda who: Player(phone_of(who), database)


@pytest.fixture
def context(settings: Settings, database: Database, object_store: ObjectStore) -> JobContext:
    """What a background job is given."""
    return JobContext(settings, database, object_store)


@pytest.fixture
def let_time_pass(database: Database) -> Callable[[dict[str, Any], timedelta], None]:
    """An attempt that began so much earlier."""

    def shift(attempt: dict[str, Any], by: timedelta) -> None:
        with database.transaction() as session:
            row = session.get_one(Attempt, UUID(attempt["id"]))
            row.started_at, row.deadline_at = row.started_at - by, row.deadline_at - by

    return shift
