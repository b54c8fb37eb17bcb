"""A number typed into the search of any list opens what has it; words narrow lists by what the hazard says."""

from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.kit.documents.models import Document
from server.review.submissions.models import Submission
from tests.support.callers import Desk, Phone
from tests.support.images import jpeg
from tests.support.pages import links
from tests.support.versions import version_of
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
RECTIFICATIONS = "/console/rectifications"
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.fixture
def number(phone: Phone, desk_of: DeskOf, world: World, run_jobs: Callable[[], int], database: Database) -> str:
    """The number of a hazard of the shipyard that is put right, beside one of the brewery."""
    numbers = []
    for seed, union, who, words in (
        (1, world.unions.brewery, world.people.other_town_reviewer, "糖化间蒸汽管破损"),
        (2, world.unions.shipyard, world.people.town_reviewer, "龙门吊限位失灵"),
    ):
        submission_id = phone.report(jpeg(seed), enterprise_id=union, description=words)
        desk = desk_of(who)
        fields = {"version": version_of(desk, submission_id), "grade": "3", "reply": "谢谢，已转企业整改。"}
        assert desk.post(f"/console/submissions/{submission_id}/accept", fields).status == 303
        numbers.append(_number_of(database, submission_id))
    run_jobs()
    return numbers[1]


def _number_of(database: Database, submission_id: UUID) -> str:
    with database.reading() as session:
        return session.get_one(Submission, submission_id).number or ""


def test_a_number_opens_the_rectification_from_whichever_tab_and_back_to_the_same_list(
    world: World, desk_of: DeskOf, number: str
) -> None:
    desk = desk_of(world.people.town_reviewer)
    answer = desk.get(f"{RECTIFICATIONS}?status=closed&grade=1&q={number[:-1]}")
    assert answer.status == 303
    assert answer.headers["Location"].startswith(f"{RECTIFICATIONS}/")
    assert answer.headers["Location"].endswith("?status=closed&grade=1")
    assert desk.get(answer.headers["Location"]).status == 200


def test_a_number_of_elsewhere_opens_nothing(world: World, desk_of: DeskOf, number: str) -> None:
    stranger = desk_of(world.people.other_town_reviewer)
    for path in (RECTIFICATIONS, "/console/dispatch", "/console/suggestions", "/console/points"):
        answer = stranger.get(f"{path}?q={number}")
        assert answer.status == 200
        assert "龙门吊" not in answer.text


def test_words_of_the_hazard_find_its_rectification_in_the_list_and_from_everywhere(
    world: World, desk_of: DeskOf, number: str
) -> None:
    desk = desk_of(world.people.city_reviewer)
    for words, is_found in (("吊限位", True), ("海船舶 失灵", True), ("蒸汽管", False)):
        assert ("龙门吊限位失灵" in desk.get(f"{RECTIFICATIONS}?q={words}").ok().text) == is_found
    page = desk.get("/console/search?q=吊限位").ok().text
    assert links(page, rf"{RECTIFICATIONS}/[0-9a-f-]{{36}}.*")


def test_the_audit_log_is_searched_by_the_number_people_know(world: World, desk_of: DeskOf, number: str) -> None:
    log = desk_of(world.people.admin)
    assert log.get(f"/console/audit?subject={number}").ok().text.count(number) > 2
    assert "没有符合条件的记录" in log.get("/console/audit?subject=2026-999999").ok().text


def test_the_number_of_a_paper_opens_the_rectification_it_was_issued_of(
    world: World, desk_of: DeskOf, number: str, database: Database
) -> None:
    desk = desk_of(world.people.town_reviewer)
    where = desk.get(f"{RECTIFICATIONS}?q={number}").headers["Location"].partition("?")[0]
    assert desk.post(f"{where}/papers/notice").status == 303
    with database.reading() as session:
        written = session.scalars(select(Document.number)).one()
    plain = written.replace("〔", "(").replace("〕", ")0").removesuffix("号")
    for typed in (written, plain):
        assert desk.get(f"/console/search?q={quote(typed)}").headers["Location"] == where
    assert desk_of(world.people.other_town_reviewer).get(f"/console/search?q={quote(written)}").status == 200
