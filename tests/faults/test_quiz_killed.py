"""kill -9 of the web server in the middle of five hundred attempts at the quiz: every saved answer is still there."""

import contextlib
import itertools
import threading
from datetime import timedelta
from uuid import UUID

import pytest
import requests
from sqlalchemy import func, select

from server.activities.quiz.attempts.answering.starting import Visitor, start_attempt
from server.activities.quiz.attempts.models import Attempt, AttemptStatus
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.levels.actions import publish_quiz
from server.activities.quiz.levels.models import Opening, Quiz, QuizLevel
from server.core import clock, ids
from server.unions.actor import Actor
from tests.faults.conftest import FragileService
from tests.support.callers import Phone
from tests.support.quizzes import shipped_questions
from tests.support.world import Someone, World

pytestmark = pytest.mark.servers
QUIZZES, LEVELS = 5, 25
QUESTIONS = 4


def players(world: World) -> list[Someone]:
    people = world.people
    return [people.worker, people.colleague, people.stranger, people.newcomer]


def begin_attempts(service: FragileService, world: World) -> list[tuple[Someone, UUID]]:
    """Five quizzes of 25 open levels, each begun by four people."""
    now, begun = clock.now(), []
    opened = now - timedelta(days=1)
    with service.database.transaction() as session:
        load_shipped(session, shipped_questions()[:40], now=now)
    for _ in range(QUIZZES):
        quiz_id = ids.new_id()
        with service.database.transaction() as session:
            session.add(
                Quiz(
                    id=quiz_id, campaign_id=world.campaign_id, name="闯关", rules="", opens_at=opened, created_at=now,
                    closes_at=now + timedelta(days=1), opening=Opening.BY_DAY,
                )
            )  # fmt: skip
            session.flush()
            session.add_all(
                QuizLevel(
                    quiz_id=quiz_id, number=number, name=f"第 {number} 关", opens_at=opened, seconds=3600, pass_mark=60,
                    tries_per_day=1, quotas=[{"count": QUESTIONS}],
                )
                for number in range(1, LEVELS + 1)
            )  # fmt: skip
            session.flush()
            publish_quiz(session, quiz_id, actor_id=None, now=now)
        with service.database.transaction() as session:
            for who, level in itertools.product(players(world), range(1, LEVELS + 1)):
                actor = Actor(who.id, who.name, ids.new_id(), None, is_worker=True)
                visitor = Visitor("127.0.0.1", "test")
                attempt, _ = start_attempt(
                    session, ids.new_id(), quiz_id, level, actor=actor, visitor=visitor, now=now
                )  # fmt: skip
                begun.append((who, attempt.id))
    return begun


def test_every_saved_answer_of_five_hundred_attempts_survives_the_web_server_killed(
    service: FragileService, world: World
) -> None:
    begun = begin_attempts(service, world)
    assert len(begun) == 500
    phones = {who.id: service.phone(who.code or "") for who in players(world)}
    saved: dict[tuple[UUID, int], int] = {}

    def keep_answering(mine: list[tuple[Someone, UUID]], choice: int) -> None:
        with contextlib.suppress(requests.RequestException, AssertionError):  # the server is killed at any moment
            for position in range(QUESTIONS):
                for who, attempt_id in mine:
                    path = f"/api/v1/quiz/attempts/{attempt_id}/answers/{position}"
                    phones[who.id].put(path, {"chosen": [choice]}).ok()
                    saved[attempt_id, position] = choice

    hands = [threading.Thread(target=keep_answering, args=(begun[n::4], n % 2)) for n in range(4)]
    for hand in hands:
        hand.start()
    while len(saved) < 600:
        assert any(hand.is_alive() for hand in hands), service.log()[-2000:]
        hands[0].join(0.02)
    service.kill_web()
    for hand in hands:
        hand.join(20)
    service.start_web()
    owners = {attempt_id: who for who, attempt_id in begun}
    for attempt_id in {attempt_id for attempt_id, _ in saved}:
        resumed = read(phones[owners[attempt_id].id], attempt_id)
        kept = {(attempt_id, position): chosen for position, chosen in enumerate(resumed) if chosen}
        assert {key: [choice] for key, choice in saved.items() if key[0] == attempt_id}.items() <= kept.items()
    with service.database.reading() as session:
        running = select(func.count()).where(Attempt.status == AttemptStatus.RUNNING)
        assert session.scalar(running) == 500


def read(phone: Phone, attempt_id: UUID) -> list[list[int]]:
    """What is ticked, by position."""
    attempt = phone.get(f"/api/v1/quiz/attempts/{attempt_id}").ok().json
    return [question["chosen"] for question in attempt["questions"]]
