"""Setting up a quiz at the console: standard levels, quotas, preview, publication."""

import re
from collections.abc import Callable

import pytest

from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.bank.queries import forget_drawable
from server.core import clock
from server.core.db import Database
from tests.support.callers import Desk, Phone
from tests.support.pages import squeeze
from tests.support.quizzes import shipped_questions
from tests.support.world import Someone, World

PATH = "/console/quizzes"
QUIZ = {
    "name": "冬季闯关",
    "opens_at": "2026-01-01T20:00",
    "closes_at": "2036-01-01T20:00",
    "opening": "by_passing",
    "rules": "好好答",
}
LEVEL = {
    "version": "1", "name": "改过的关", "seconds": "90", "pass_mark": "70", "tries_per_day": "5",
    "quota-0-topic": "应急救援", "quota-0-difficulty": "", "quota-0-kind": "single", "quota-0-count": "3",
    "quota-1-topic": "", "quota-1-difficulty": "", "quota-1-kind": "", "quota-1-count": "",
}  # fmt: skip


@pytest.fixture
def clerk(desk_of: Callable[[Someone], Desk], world: World) -> Desk:
    """The city's desk, without a question in the bank."""
    forget_drawable()
    return desk_of(world.people.city_reviewer)


@pytest.fixture
def desk(clerk: Desk, database: Database) -> Desk:
    """The city's desk, with the whole shipped bank: it takes half a second to fill."""
    with database.transaction() as session:
        load_shipped(session, shipped_questions(), now=clock.now())
    return clerk


def create(desk: Desk, **changes: str) -> str:
    answer = desk.post(f"{PATH}/new", QUIZ | changes)
    assert answer.status == 303, answer.text[:1500]
    return answer.headers["Location"].removeprefix("http://localhost")


def test_a_new_quiz_has_ten_levels_that_the_shipped_bank_fills_and_workers_see_it_once_published(
    desk: Desk, phone: Phone
) -> None:
    path = create(desk)
    page = desk.get(path).ok().text
    assert len(re.findall("抽一份看看", page)) == 10
    assert "题库里的题不够" not in page
    assert phone.get("/api/v1/quizzes").ok().json["items"] == []
    assert desk.post(f"{path}/publish", {}).status == 303
    quiz = phone.get("/api/v1/quizzes").ok().json["items"][0]
    assert (quiz["name"], quiz["levels_total"], quiz["status"]) == ("冬季闯关", 10, "open")


def test_a_level_is_changed_and_its_preview_draws_what_was_asked_for(desk: Desk) -> None:
    path = create(desk)
    assert desk.post(f"{path}/levels/2", LEVEL).status == 303
    preview = desk.get(f"{path}/levels/2/preview").ok().text
    assert preview.count("单选题 · 应急救援") + preview.count("单选 · 应急救援") == 3
    again = desk.post(f"{path}/levels/2", LEVEL)
    assert again.status == 409
    assert "改过的关" in again.text


def test_levels_are_added_and_the_last_removed_until_it_is_published(desk: Desk) -> None:
    path = create(desk)
    assert desk.post(f"{path}/levels/add", {"version": "1"}).status == 303
    assert desk.post(f"{path}/levels/remove", {"version": "2"}).status == 303
    assert desk.get(path).ok().text.count("抽一份看看") == 10
    desk.post(f"{path}/publish", {})
    assert desk.post(f"{path}/levels/remove", {"version": "3"}).status == 409


def test_what_the_bank_cannot_fill_is_shown_and_not_published(desk: Desk) -> None:
    path = create(desk)
    quota = {"quota-0-topic": "烟花爆竹", "quota-0-kind": "multiple", "quota-0-count": "40"}
    assert desk.post(f"{path}/levels/1", LEVEL | quota).status == 303
    assert "烟花爆竹要 40 道" in squeeze(desk.get(path).ok().text)
    assert desk.post(f"{path}/publish", {}).status == 422


def test_by_day_every_level_needs_its_day(desk: Desk) -> None:
    path = create(desk, opening="by_day")
    answer = desk.post(f"{path}/publish", {})
    assert answer.status == 422
    assert "每一关都要填开放时间" in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"opens_at": "soon"},
        {"closes_at": "2025-01-01T20:00"},
        {"opening": "by_luck"},
        {"rules": "长" * 3001},
    ],
)
def test_a_quiz_that_makes_no_sense_is_refused_with_what_was_typed(clerk: Desk, changes: dict[str, str]) -> None:
    answer = clerk.post(f"{PATH}/new", QUIZ | changes)
    assert answer.status == 422
    assert "还没有闯关" in clerk.get(PATH).ok().text


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": "5"}, {"pass_mark": "0"}, {"pass_mark": "101"}, {"tries_per_day": "0"}, {"name": ""},
        {"quota-0-count": ""}, {"quota-0-count": "51"}, {"quota-0-count": "x"}, {"quota-0-topic": "天文"},
    ],
)  # fmt: skip
def test_a_level_that_makes_no_sense_is_refused(clerk: Desk, changes: dict[str, str]) -> None:
    path = create(clerk)
    assert clerk.post(f"{path}/levels/1", LEVEL | changes).status == 422
    assert "改过的关" not in clerk.get(path).ok().text


def test_districts_look_and_do_not_touch(desk: Desk, desk_of: Callable[[Someone], Desk], world: World) -> None:
    path = create(desk)
    district = desk_of(world.people.district_reviewer)
    assert "冬季闯关" in district.get(PATH).ok().text
    assert district.post(f"{path}/publish", {}, form=PATH).status == 403
    assert desk_of(world.people.enterprise_reviewer).get(PATH).status == 403
