"""The question of the day through the public door: one a day, for nothing, and nobody else knows of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, update

from server.activities.quiz.bank.models import Question, QuestionVersion
from server.activities.quiz.bank.queries import forget_drawable
from server.activities.quiz.bank.schemas import LETTERS
from server.core import clock
from server.core.db import Database
from tests.integration.quiz.conftest import MakeQuiz, Player
from tests.support.callers import Answer, Phone
from tests.support.quizzes import QUESTIONS
from tests.support.world import Someone, World

DAILY = "/api/v1/quiz/daily"
pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def right_of(database: Database) -> Callable[[dict[str, Any]], list[int]]:
    """The places of the right options of a question as it is shown."""

    def look_up(question: dict[str, Any]) -> list[int]:
        with database.reading() as session:
            words = session.scalars(select(QuestionVersion).where(QuestionVersion.stem == question["stem"])).one()
            right = {words.options[LETTERS.index(letter)] for letter in words.answer}
        return [place for place, option in enumerate(question["options"]) if option in right]

    return look_up


def wrong_of(right: list[int]) -> list[int]:
    return [0 if right != [0] else 1]


def reply(phone: Phone, chosen: list[int], /, **changes: Any) -> Answer:
    question = phone.get(DAILY).ok().json["question"]
    return phone.post(DAILY, {"question_id": question["id"], "chosen": chosen, **changes})


def test_a_day_has_one_question_and_the_first_answer_stands(
    phone: Phone, phone_of: Callable[[Someone], Phone], world: World, right_of: Callable[..., list[int]]
) -> None:
    page = phone.get(DAILY).ok().json
    assert (page["is_answered"], page["result"], page["days_in_a_row"]) == (False, None, None)
    assert set(page["question"]) == {"id", "kind", "topic", "stem", "options"}
    assert phone_of(world.people.colleague).get(DAILY).json["question"] == page["question"]
    right = right_of(page["question"])
    with ThreadPoolExecutor(3) as pool:
        phones = [phone_of(world.people.worker) for _ in range(3)]
        said = list(pool.map(lambda each: reply(each, wrong_of(right)).ok().json, phones))
    assert said == [said[0]] * 3
    assert (said[0]["result"]["is_right"], said[0]["result"]["right"]) == (False, right)
    assert said[0]["result"]["explanation"].startswith("《")
    again = reply(phone, right).ok().json
    assert again["result"]["chosen"] == wrong_of(right)
    practice = phone.get("/api/v1/quiz/practice").json
    assert (practice["total"], practice["card"]["stem"]) == (1, page["question"]["stem"])
    assert phone.get("/api/v1/quizzes").json == {"items": []}  # it counts for nothing


def test_days_in_a_row_are_told_once_answered_and_never_held_against_anybody(phone: Phone, time_machine: Any) -> None:
    seen = []
    for day in (1, 2, 3, 6):
        time_machine.move_to(f"2026-12-0{day}T02:00Z")
        before = phone.get(DAILY).json["days_in_a_row"]
        seen.append((before, reply(phone, [0]).ok().json["days_in_a_row"]))
    assert seen == [(None, 1), (None, 2), (None, 3), (None, 1)]
    off = phone.put(f"{DAILY}/streak", {"keeps_streak": False}).ok().json
    assert (off["is_answered"], off["keeps_streak"], off["days_in_a_row"]) == (True, False, None)
    time_machine.move_to("2026-12-07T02:00Z")
    assert reply(phone, [0]).ok().json["days_in_a_row"] is None
    on = phone.put(f"{DAILY}/streak", {"keeps_streak": True}).ok().json
    assert on["days_in_a_row"] == 1  # what was counted before is gone


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"chosen": [7]}, 422, "unknown_option"),
        ({"chosen": [0, 0]}, 422, "unknown_option"),
        ({"chosen": []}, 422, "invalid"),
        ({"question_id": "01920000-0000-7000-8000-000000000000"}, 409, "question_changed"),
    ],
    ids=["no such option", "one twice", "nothing", "another question"],
)
def test_what_does_not_fit_is_refused_and_the_day_is_still_open(
    phone: Phone, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = reply(phone, [0], **changes)
    assert (answer.status, answer.code) == (status, code)
    assert not phone.get(DAILY).json["is_answered"]


def test_what_a_running_paper_asks_is_told_only_when_that_is_in(
    phone: Phone, player: Player, make_quiz: MakeQuiz, database: Database
) -> None:
    with database.transaction() as session:
        few = session.scalars(select(Question.id).order_by(Question.code).limit(QUESTIONS)).all()
        session.execute(update(Question).where(Question.id.not_in(few)).values(retired_at=clock.now()))
    forget_drawable()
    quiz_id, first = make_quiz(1), phone.get(DAILY).json["question"]
    attempt = player.begin(quiz_id)  # asks all that there are
    assert phone.get(DAILY).json["question"] is None
    answer = phone.post(DAILY, {"question_id": first["id"], "chosen": [0]})
    assert (answer.status, answer.code) == (409, "question_changed")
    player.submit(attempt).ok()
    reply(phone, [0]).ok()
    player.begin(quiz_id)
    page = phone.get(DAILY).json
    assert (page["is_answered"], page["question"], page["result"]) == (True, None, None)
