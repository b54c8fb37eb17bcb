"""Certificates: issued once, drawn by the worker, verified by whoever has the code."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from server.core import clock, ids
from server.core.db import Database
from server.rewards.certificates.actions import issue_certificate
from tests.integration.review.test_review_races import at_once
from tests.support.callers import Answer, Desk, InProcess, Phone
from tests.support.contests import SampleContests
from tests.support.world import Someone, World

RunJobs = Callable[..., int]


def finish(database: Database, contest: SampleContests, person: Someone) -> None:
    """The quiz says that somebody has passed every level."""
    with database.transaction() as session:
        issue_certificate(session, contest.id, person.id, now=clock.now())


@pytest.fixture
def visitor(app: Flask) -> Desk:
    """Somebody who is not signed in."""
    return Desk(InProcess(app))


def test_whoever_finishes_gets_a_certificate_that_anybody_can_verify(
    database: Database, contest: SampleContests, phone: Phone, visitor: Desk, world: World, run_jobs: RunJobs
) -> None:  # fmt: skip
    path = f"/api/v1/quizzes/{contest.id}/certificate"
    assert phone.get(path).status == 404
    finish(database, contest, world.people.worker)
    mine = phone.get(path).ok().json
    assert visitor.get(mine["image_url"]).status == 503  # not drawn yet; the certificate is valid all the same
    run_jobs()
    page = visitor.get(f"/certificates/{mine['code'].lower()}").ok().text
    for words in ("这张证书是真的", "赵工", "蓝海船舶修造有限公司", "安全知识闯关", "青岛市总工会", mine["code"]):
        assert words in page
    picture = visitor.get(mine["image_url"]).ok()
    assert picture.headers["Content-Type"] == "image/png"
    with Image.open(BytesIO(picture.body)) as image:
        assert image.size == (1080, 1440)
        assert len(image.getcolors(1 << 20) or ()) > 20  # something is written on it
    assert mine["verify_url"].endswith(f"/certificates/{mine['code']}")


def test_a_code_that_was_never_given_is_refused_in_words(visitor: Desk, contest: SampleContests) -> None:
    for code in ("AAAA-BBBB-CCCC", "x", "中文", "AAAA-BBBB-CCCC-DDDD"):
        answer = visitor.get(f"/certificates/{code}")
        assert answer.status == 404
        assert "没有这个编号的证书" in answer.text
        assert visitor.get(f"/certificates/{code}/image").status == 404


def test_finishing_twice_gives_one_certificate_and_one_message(
    database: Database, contest: SampleContests, phone: Phone, world: World
) -> None:
    finish(database, contest, world.people.worker)
    code = phone.get(f"/api/v1/quizzes/{contest.id}/certificate").ok().json["code"]
    finish(database, contest, world.people.worker)
    assert phone.get(f"/api/v1/quizzes/{contest.id}/certificate").ok().json["code"] == code
    (message,) = phone.get("/api/v1/inbox").ok().json["items"]
    assert "安全知识闯关" in message["body"]


def test_of_two_who_certify_at_once_one_does(database: Database, contest: SampleContests, world: World) -> None:
    def certify() -> Answer:
        with database.transaction() as session:
            issued = issue_certificate(session, contest.id, world.people.worker.id, now=clock.now())
        return Answer(201 if issued else 200, b"", {})

    assert sorted(answer.status for answer in at_once(*[certify] * 4)) == [200, 200, 200, 201]


def test_a_certificate_says_what_was_so_on_the_day(
    database: Database, contest: SampleContests, phone: Phone, visitor: Desk, world: World
) -> None:
    finish(database, contest, world.people.worker)
    phone.patch("/api/v1/me", {"name": "改了名"}).ok()
    contest.name = "改了名的竞赛"
    code = phone.get(f"/api/v1/quizzes/{contest.id}/certificate").ok().json["code"]
    page = visitor.get(f"/certificates/{code}").ok().text
    assert "赵工" in page
    assert "改了名" not in page


def test_ones_certificate_is_ones_own(
    database: Database, contest: SampleContests, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    finish(database, contest, world.people.worker)
    assert phone_of(world.people.colleague).get(f"/api/v1/quizzes/{contest.id}/certificate").status == 404


def test_a_contest_that_nobody_knows_is_not_certified(
    database: Database, contest: SampleContests, world: World
) -> None:
    with database.transaction() as session:
        assert not issue_certificate(session, ids.new_id(), world.people.worker.id, now=clock.now())


@pytest.mark.settings(font="/nowhere/font.ttc")
def test_without_a_font_the_job_says_so_and_the_certificate_is_valid(
    database: Database, contest: SampleContests, phone: Phone, visitor: Desk, world: World, run_jobs: RunJobs
) -> None:
    finish(database, contest, world.people.worker)
    run_jobs(expect_failures=True)
    mine = phone.get(f"/api/v1/quizzes/{contest.id}/certificate").ok().json
    assert visitor.get(mine["image_url"]).status == 503
    assert "这张证书是真的" in visitor.get(f"/certificates/{mine['code']}").ok().text
