"""What a reviewer sees beside a submission: others that may be the same, photos used before, two side by side."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from server.core import clock, ids
from server.core.db import Database
from tests.integration.review.conftest import Reviewer
from tests.support.callers import Desk, Phone, hazard
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.pictures import cropped, workshop
from tests.support.world import Someone, World

RunJobs = Callable[..., int]
FLAG = "年由别人用过"


@pytest.fixture
def colleague(phone_of: Callable[[Someone], Phone], world: World) -> Phone:
    return phone_of(world.people.colleague)


@pytest.fixture
def desk(desk_of: Callable[[Someone], Desk]) -> Callable[[Someone], Reviewer]:
    return lambda who: Reviewer(desk_of(who))


@pytest.fixture
def town(desk: Callable[[Someone], Reviewer], world: World) -> Reviewer:
    return desk(world.people.town_reviewer)


def report_by_nobody(phone: Phone, world: World, seed: int) -> UUID:
    """An anonymous hazard at the shipyard."""
    sample = workshop(seed)
    hazard_id = ids.new_id_of_day(clock.now())
    phone.declare(hazard_id, hazard([sample], enterprise_id=world.unions.shipyard, is_anonymous=True)).ok()
    phone.upload(hazard_id, sample).ok()
    return hazard_id


def test_what_may_be_the_same_stands_there_with_the_reason(
    phone: Phone, colleague: Phone, town: Reviewer, world: World
) -> None:
    first = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    second = colleague.report(jpeg(2), enterprise_id=world.unions.shipyard, place="三号车间东门口")
    page = town.open(second).text
    assert f"/console/submissions/{second}/compare/{first}" in page
    assert "同一家企业、同一类别，相距约 10 米，文字相近" in page
    assert FLAG not in page


CLAIMED = "上报人说是同一处"


def test_what_a_reporter_says_is_the_same_comes_first_and_its_photos_stand_with_the_case(
    phone: Phone, colleague: Phone, town: Reviewer, desk: Callable[[Someone], Reviewer], run_jobs: RunJobs, world: World
) -> None:
    """Whatever the words: it is a reviewer who merges them. Then the joint reporter reads how the case goes on."""
    case = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    joined, sample = ids.new_id(), jpeg(2)
    said = {"place": "码头", "description": "看不清", "coordinates": None, "same_as": str(case)}
    for status in (201, 200):
        body = hazard([sample], enterprise_id=world.unions.shipyard, **said)
        assert colleague.put(f"/api/v1/hazards/{joined}", body).status == status
    colleague.upload(joined, sample).ok()
    run_jobs()
    for one, other in ((joined, case), (case, joined)):
        page = town.open(one).ok().text
        assert CLAIMED in page
        assert f"/console/submissions/{one}/compare/{other}" in page
    assert town.move(joined, "mark_duplicate", target_id=str(case)).status == 303
    page = town.open(case).text
    assert "merged-photos" in page
    assert CLAIMED not in page
    assert town.move(case, "accept", grade="3").status == 303
    (link,) = set(re.findall(r"/console/rectifications/[0-9a-f-]{36}", town.open(case).text))
    assert desk(world.people.enterprise_reviewer).desk.get(link).ok().text.count("共同上报 1/1") >= 1
    assert colleague.get(f"/api/v1/submissions/{joined}").ok().json["joined_id"] == str(case)
    followed = colleague.get(f"/api/v1/follows/{case}").ok().json
    assert (len(followed["photos"]), len(followed["own"]), followed["is_joint"]) == (1, 1, True)


def test_a_claim_that_cannot_hold_or_that_would_tell_people_apart_is_not_shown(
    phone: Phone, colleague: Phone, town: Reviewer, world: World
) -> None:
    own = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    declined = colleague.report(jpeg(2), enterprise_id=world.unions.shipyard)
    town.move(declined, "decline", reply="不是隐患")
    colleagues = colleague.report(jpeg(3), enterprise_id=world.unions.shipyard)
    sent = [
        phone.report(jpeg(4), enterprise_id=world.unions.shipyard, same_as=str(each))
        for each in (own, declined, ids.new_id())
    ]
    hidden, sample = ids.new_id_of_day(clock.now()), jpeg(5)
    said = {"is_anonymous": True, "same_as": str(colleagues)}
    phone.declare(hidden, hazard([sample], enterprise_id=world.unions.shipyard, **said)).ok()
    phone.upload(hidden, sample).ok()
    assert [CLAIMED in town.open(each).ok().text for each in (*sent, hidden, colleagues)] == [False] * 5


def test_a_photo_used_before_by_somebody_else_is_flagged(
    phone: Phone, colleague: Phone, town: Reviewer, run_jobs: RunJobs, world: World
) -> None:
    first = phone.report(workshop(1), enterprise_id=world.unions.bakery, category="fire")
    again = colleague.report(workshop(1, lambda each: cropped(each, 0.2)), enterprise_id=world.unions.shipyard)
    run_jobs()
    page = town.open(again).text
    assert f"/console/submissions/{again}/compare/{first}" in page
    assert "照片相似（裁剪、缩放或转动过）" in page
    assert f"这张照片 {clock.in_shanghai(clock.now()).year} {FLAG}" in page
    assert FLAG not in town.open(first).text


def test_a_photo_used_where_the_viewer_may_not_look_is_said_without_saying_where(
    phone: Phone, colleague: Phone, desk: Callable[[Someone], Reviewer], run_jobs: RunJobs, world: World
) -> None:
    first = phone.report(workshop(1), enterprise_id=world.unions.bakery)
    again = colleague.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    page = desk(world.people.enterprise_reviewer).open(again).text
    assert "有 1 张照片在您的管理范围以外也用过" in page
    assert str(first) not in page


def test_the_enterprise_is_not_told_that_an_anonymous_reports_photos_resemble_anothers(
    phone: Phone, desk: Callable[[Someone], Reviewer], run_jobs: RunJobs, world: World
) -> None:
    named = phone.report(workshop(1), enterprise_id=world.unions.shipyard, category="fire")
    hidden = report_by_nobody(phone, world, 1)
    run_jobs()
    enterprise, town = desk(world.people.enterprise_reviewer), desk(world.people.town_reviewer)
    for one, other in ((named, hidden), (hidden, named)):
        pages = enterprise.open(one).text + enterprise.desk.get(f"/console/submissions/{one}/compare/{other}").text
        for told in ("照片相同", "用过", f"/console/submissions/{one}/compare/"):
            assert told not in pages
        assert "照片相同" in town.open(one).text


def test_nobody_is_told_that_an_anonymous_report_is_of_the_same_person(
    phone: Phone, town: Reviewer, run_jobs: RunJobs, world: World
) -> None:
    named = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    hidden = report_by_nobody(phone, world, 1)
    run_jobs()
    pages = town.open(hidden).text + town.desk.get(f"/console/submissions/{hidden}/compare/{named}").text
    assert "年用过" in pages
    assert "由同一人" not in pages
    assert "由别人" not in pages


def test_two_are_laid_side_by_side_and_merged_from_there(
    phone: Phone, colleague: Phone, town: Reviewer, run_jobs: RunJobs, world: World
) -> None:
    first = phone.report(workshop(3), workshop(1), enterprise_id=world.unions.shipyard)
    again = colleague.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    page = town.desk.get(f"/console/submissions/{again}/compare/{first}").ok().text
    assert page.count('张照片"') == 3
    assert "照片相同：另一条的第 2 张" in page
    assert "照片相同：另一条的第 1 张" in page
    assert f'name="target_id" value="{first}"' in page
    assert town.move(again, "mark_duplicate", target_id=str(first)).status == 303
    assert 'name="target_id"' not in town.desk.get(f"/console/submissions/{again}/compare/{first}").text
    assert "合并到这一条的" in town.open(first).text
    assert "1 位共同上报" in town.open(first).text


def test_what_lies_outside_of_the_scope_cannot_be_compared(
    phone: Phone, colleague: Phone, desk: Callable[[Someone], Reviewer], world: World
) -> None:
    mine = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    other = colleague.report(jpeg(2), enterprise_id=world.unions.bakery)
    enterprise = desk(world.people.enterprise_reviewer)
    for pair in ((mine, other), (other, mine)):
        assert enterprise.desk.get("/console/submissions/{}/compare/{}".format(*pair)).status == 404
    assert enterprise.desk.get(f"/console/submissions/{mine}/compare/{mine}").status == 422


def test_the_review_page_costs_the_same_however_many_resemble_it(
    phone: Phone, colleague: Phone, town: Reviewer, run_jobs: RunJobs, world: World, database: Database
) -> None:
    colleague.report(workshop(1), enterprise_id=world.unions.shipyard)
    hazard_id = phone.report(workshop(1), enterprise_id=world.unions.shipyard)
    colleague.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    town.open(hazard_id)
    with count_statements(database.engine) as few:
        town.open(hazard_id)
    for _ in range(4):
        colleague.report(workshop(1), enterprise_id=world.unions.shipyard)
    run_jobs()
    with count_statements(database.engine) as more:
        town.open(hazard_id)
    assert len(more) == len(few)
