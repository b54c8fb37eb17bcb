"""Practice through the public door: what was wrong comes back, counts once, and rests when it is known."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.activities.quiz.attempts.events import AttemptGraded
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.bank.models import Question, QuestionKind, QuestionVersion
from server.activities.quiz.bank.schemas import LETTERS
from server.activities.quiz.practice.models import PracticeCard
from server.core import clock
from server.core.db import Database
from server.core.events import publish
from server.core.ids import new_id
from tests.support.callers import Phone
from tests.support.counting import count_statements
from tests.support.quizzes import add_quiz, shipped_questions
from tests.support.world import Someone, World

PRACTICE = "/api/v1/quiz/practice"
Fail = Callable[..., list[UUID]]


@pytest.fixture
def fail(database: Database, world: World, run_jobs: Callable[..., int]) -> Fail:
    """Somebody answers the first questions of the bank wrong, as the end of an attempt tells it."""
    with database.transaction() as session:
        load_shipped(session, shipped_questions()[:6], now=clock.now())

    def fail(count: int, *, who: Someone = world.people.worker) -> list[UUID]:
        with database.transaction() as session:
            versions = session.scalars(select(QuestionVersion.id).order_by(QuestionVersion.id).limit(count)).all()
            publish(session, AttemptGraded(at=clock.now(), person_id=who.id, wrong=tuple(versions)))
        run_jobs()
        return list(versions)

    return fail


@pytest.fixture
def right_places(database: Database) -> Iterator[Callable[[dict[str, Any]], list[int]]]:
    """The places of the right options of a card as it is shown."""
    with database.reading() as session:

        def look_up(card: dict[str, Any]) -> list[int]:
            words = session.scalars(select(QuestionVersion).where(QuestionVersion.stem == card["stem"])).one()
            right = {words.options[LETTERS.index(letter)] for letter in words.answer}
            return [place for place, option in enumerate(card["options"]) if option in right]

        yield look_up


def reply(card: dict[str, Any], chosen: list[int], /, **changes: Any) -> dict[str, Any]:
    return {"round": card["round"], "edition": card["edition"], "chosen": chosen} | changes


def test_what_was_wrong_waits_in_practice_without_its_answer(phone: Phone, fail: Fail) -> None:
    assert phone.get(PRACTICE).ok().json == {"due": 0, "total": 0, "next_due_at": None, "card": None}
    fail(3)
    page = phone.get(PRACTICE).ok().json
    assert (page["due"], page["total"]) == (3, 3)
    assert set(page["card"]) == {"id", "round", "edition", "kind", "topic", "stem", "options"}


def test_a_right_answer_is_explained_and_the_question_rests(
    phone: Phone, fail: Fail, right_places: Callable[..., list[int]]
) -> None:
    fail(1)
    card = phone.get(PRACTICE).json["card"]
    result = phone.post(f"{PRACTICE}/{card['id']}", reply(card, right_places(card))).ok().json
    assert result["is_right"]
    assert result["right"] == right_places(card)
    assert result["explanation"].startswith("《")
    assert result["article"].startswith("第")
    page = phone.get(PRACTICE).json
    assert (page["due"], page["card"]) == (0, None)
    assert page["next_due_at"] == result["due_at"]


def test_known_again_and_again_a_question_rests_for_days(
    phone: Phone, fail: Fail, right_places: Callable[..., list[int]], database: Database
) -> None:
    fail(1)
    pauses = []
    for _ in range(4):
        page = phone.get(PRACTICE).json
        phone.post(f"{PRACTICE}/{page['card']['id']}", reply(page["card"], right_places(page["card"]))).ok()
        with database.transaction() as session:
            row = session.scalars(select(PracticeCard)).one()
            assert row.reviewed_at is not None
            pauses.append(row.due_at - row.reviewed_at)
            row.reviewed_at, row.due_at = row.reviewed_at - pauses[-1], clock.now()  # as if the pause were over
    assert pauses == sorted(pauses)
    assert pauses[0] < timedelta(hours=1)
    assert pauses[-1] > timedelta(days=3)


def test_a_wrong_answer_brings_the_question_back_in_a_minute(
    phone: Phone, fail: Fail, right_places: Callable[..., list[int]], database: Database
) -> None:
    fail(1)
    card = phone.get(PRACTICE).json["card"]
    wrong = [place for place in range(len(card["options"])) if place not in right_places(card)][:1]
    result = phone.post(f"{PRACTICE}/{card['id']}", reply(card, wrong)).ok().json
    assert not result["is_right"]
    with database.reading() as session:
        row = session.scalars(select(PracticeCard)).one()
    assert row.due_at - clock.now() <= timedelta(minutes=1)


def test_the_same_answer_sent_again_gets_the_same_result_and_counts_once(
    phone: Phone, fail: Fail, right_places: Callable[..., list[int]], database: Database
) -> None:
    fail(1)
    card = phone.get(PRACTICE).json["card"]
    answer = reply(card, right_places(card))
    first = phone.post(f"{PRACTICE}/{card['id']}", answer).ok().json
    assert phone.post(f"{PRACTICE}/{card['id']}", answer).ok().json == first
    with database.reading() as session:
        assert session.scalars(select(PracticeCard.round)).one() == 1


def test_the_order_of_options_changes_from_round_to_round(
    phone: Phone, fail: Fail, right_places: Callable[..., list[int]], database: Database
) -> None:
    fail(6)
    orders: dict[str, set[tuple[str, ...]]] = {}
    for _ in range(30):
        card = phone.get(PRACTICE).json["card"]
        if card["kind"] != QuestionKind.TRUE_FALSE:
            orders.setdefault(card["id"], set()).add(tuple(card["options"]))
        phone.post(f"{PRACTICE}/{card['id']}", reply(card, right_places(card))).ok()
        with database.transaction() as session:
            session.execute(update(PracticeCard).where(PracticeCard.id == UUID(card["id"])).values(due_at=clock.now()))
    assert max(len(each) for each in orders.values()) > 1


def test_nobody_sees_or_answers_another_persons_card(
    phone: Phone, fail: Fail, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    fail(1)
    card = phone.get(PRACTICE).json["card"]
    other = phone_of(world.people.colleague)
    assert other.get(PRACTICE).json["card"] is None
    answer = other.post(f"{PRACTICE}/{card['id']}", reply(card, [0]))
    assert (answer.status, answer.code) == (404, "card_not_found")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"chosen": [7]}, 422, "unknown_option"),
        ({"chosen": [0, 0]}, 422, "unknown_option"),
        ({"round": 5}, 409, "card_moved_on"),
        ({"edition": 9}, 409, "card_changed"),
        ({"chosen": []}, 422, "invalid"),
    ],
    ids=["no such option", "one twice", "another round", "other words", "nothing"],
)
def test_what_does_not_fit_the_card_is_refused_and_changes_nothing(
    phone: Phone, fail: Fail, database: Database, changes: dict[str, Any], status: int, code: str
) -> None:
    fail(1)
    card = phone.get(PRACTICE).json["card"]
    answer = phone.post(f"{PRACTICE}/{card['id']}", reply(card, [0], **changes))
    assert (answer.status, answer.code) == (status, code)
    with database.reading() as session:
        assert session.scalars(select(PracticeCard.round)).one() == 0


def test_a_retired_question_is_not_asked(phone: Phone, fail: Fail, database: Database) -> None:
    fail(1)
    with database.transaction() as session:
        session.execute(update(Question).values(retired_at=clock.now()))
    assert phone.get(PRACTICE).json == {"due": 0, "total": 0, "next_due_at": None, "card": None}


def test_wrong_again_in_another_attempt_a_rested_question_comes_back(
    phone: Phone, fail: Fail, right_places: Callable[..., list[int]]
) -> None:
    fail(1)
    card = phone.get(PRACTICE).json["card"]
    due_at = phone.post(f"{PRACTICE}/{card['id']}", reply(card, right_places(card))).ok().json["due_at"]
    fail(1)
    page = phone.get(PRACTICE).json
    assert page["total"] == 1
    assert page["next_due_at"] < due_at


def test_one_answer_sent_by_many_hands_at_once_counts_once(
    phone_of: Callable[[Someone], Phone], fail: Fail, world: World, database: Database
) -> None:
    fail(1)
    phones = [phone_of(world.people.worker) for _ in range(4)]
    card = phones[0].get(PRACTICE).json["card"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: each.post(f"{PRACTICE}/{card['id']}", reply(card, [0])).status, phones))
    assert answers == [200] * 4
    with database.reading() as session:
        assert session.scalars(select(PracticeCard.round)).one() == 1


def test_looking_at_practice_costs_four_statements_however_many_cards(
    phone: Phone, fail: Fail, database: Database
) -> None:
    fail(1)
    phone.get(PRACTICE).ok()
    with count_statements(database.engine) as one:
        phone.get(PRACTICE).ok()
    fail(6)
    with count_statements(database.engine) as six:
        phone.get(PRACTICE).ok()
    assert len(one) == len(six) == 4  # with whoever asks


def test_practice_tells_nothing_of_a_question_that_a_running_paper_asks(
    phone: Phone, fail: Fail, database: Database, world: World
) -> None:
    fail(6)
    before = phone.get(PRACTICE).json
    with database.transaction() as session:
        quiz_id = add_quiz(session, world.campaign_id, 1)
    attempt = phone.put(f"/api/v1/quiz/attempts/{new_id()}", {"quiz_id": str(quiz_id), "level": 1}).ok().json
    asked = {question["stem"] for question in attempt["questions"]}
    seen = phone.get(PRACTICE).json
    assert (before["due"], seen["due"], seen["card"]["stem"] in asked) == (6, 6 - len(asked), False)
    for card in list_cards(database):
        said = phone.post(f"{PRACTICE}/{card['id']}", {"round": 0, "edition": 1, "chosen": [0]})
        assert (said.status, said.code) == (409, "asked_now") if card["stem"] in asked else said.status == 200
    phone.post(f"/api/v1/quiz/attempts/{attempt['id']}/submission", {"answers": []}).ok()
    assert phone.get(PRACTICE).json["card"]["stem"] in asked


def list_cards(database: Database) -> list[dict[str, str]]:
    """Every card's id and question."""
    with database.reading() as session:
        statement = select(PracticeCard.id, Question.stem).join(Question, Question.id == PracticeCard.question_id)
        return [{"id": str(row.id), "stem": row.stem} for row in session.execute(statement)]
