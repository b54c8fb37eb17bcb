"""Who learns the name of an anonymous reporter: nobody, until the city opens it; then the city alone."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.review.submissions.models import Move, SubmissionStep
from tests.integration.anonymity.conftest import EXCERPT, report_anonymously
from tests.support import images
from tests.support.callers import Answer, Desk, Phone
from tests.support.pages import tight
from tests.support.world import Someone, World

WITHOUT_TAGS = re.compile(r"<[^>]+>")
PICTURE = re.compile(r'"((?:https?://[^"/]+)?/photos/[^"]+|https?://[^"]+\.(?:display|thumbnail)[^"]*)"')
ALL_ROLES = ("enterprise_reviewer", "town_reviewer", "district_reviewer", "city_reviewer", "admin")


@pytest.fixture
def hazard_id(phone: Phone, world: World) -> UUID:
    """An anonymous hazard at the shipyard, waiting."""
    return report_anonymously(phone, images.jpeg(1), enterprise_id=world.unions.shipyard)


def disclose(desk: Desk, hazard_id: UUID, reason: str = "需要当面核实情况") -> Answer:
    return desk.post(
        f"/console/submissions/{hazard_id}/disclose", {"reply": reason}, form=f"/console/submissions/{hazard_id}"
    )


def reporter_on(desk: Desk, hazard_id: UUID) -> str:
    """What the review page says under 上报人."""
    page = desk.get(f"/console/submissions/{hazard_id}").ok().text
    found = re.search(r"<dt>上报人</dt><dd>(.*?)</dd>", tight(page))
    assert found is not None
    return WITHOUT_TAGS.sub(" ", found[1])


@pytest.mark.parametrize("who", ALL_ROLES)
def test_no_role_sees_the_name_unasked(
    desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID, who: str
) -> None:
    said = reporter_on(desk_of(getattr(world.people, who)), hazard_id)
    assert "匿名职工" in said
    assert world.people.worker.name not in said


def test_the_key_that_opens_a_name_is_no_other_controls(
    desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID
) -> None:
    page = desk_of(world.people.city_reviewer).get(f"/console/submissions/{hazard_id}").ok().text
    keys = re.findall(r'data-key="([^"]+)"', page)
    assert "查看匿名职工的姓名" in page
    assert sorted(keys) == sorted(set(keys))


def test_opened_by_the_city_it_shows_to_the_city_alone(
    desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID
) -> None:
    assert disclose(desk_of(world.people.city_reviewer), hazard_id).status == 303
    for who in ALL_ROLES:
        said = reporter_on(desk_of(getattr(world.people, who)), hazard_id)
        assert (world.people.worker.name in said) == (who == "city_reviewer"), who


def test_opening_needs_a_reason_and_is_on_record_and_told_to_the_worker(
    desk_of: Callable[[Someone], Desk], phone: Phone, world: World, hazard_id: UUID, database: Database
) -> None:
    city = desk_of(world.people.city_reviewer)
    assert disclose(city, hazard_id, " ").status == 422
    assert disclose(city, hazard_id).status == 303
    with database.reading() as session:
        (step,) = session.scalars(select(SubmissionStep).where(SubmissionStep.move == Move.DISCLOSE))
        assert (step.public_text, step.actor_id) == ("需要当面核实情况", world.people.city_reviewer.id)
        assert session.scalar(select(AuditEntry.id).where(AuditEntry.action == "submission.disclose")) is not None
    newest = phone.get("/api/v1/inbox").json["items"][0]
    assert "需要当面核实情况" in newest["body"]
    assert newest["submission_id"] == str(hazard_id)
    assert disclose(city, hazard_id).status == 409


@pytest.mark.parametrize("who", ["enterprise_reviewer", "town_reviewer", "district_reviewer"])
def test_below_the_city_nobody_opens_it(
    desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID, who: str
) -> None:
    desk = desk_of(getattr(world.people, who))
    assert disclose(desk, hazard_id).status == 403
    assert "匿名职工" in reporter_on(desk, hazard_id)


def test_the_reason_is_not_told_to_the_enterprise(
    desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID
) -> None:
    disclose(desk_of(world.people.city_reviewer), hazard_id, "请赵师傅来工会一趟")
    for who in ("enterprise_reviewer", "town_reviewer"):
        page = desk_of(getattr(world.people, who)).get(f"/console/submissions/{hazard_id}").text
        assert "赵师傅" not in page


def test_the_audit_log_keeps_the_name_back_and_is_not_searched_by_it(
    desk_of: Callable[[Someone], Desk], phone: Phone, world: World, hazard_id: UUID
) -> None:
    named = phone.report(images.jpeg(4), enterprise_id=world.unions.shipyard)
    worker = world.people.worker
    for who in (world.people.city_reviewer, world.people.admin):
        desk = desk_of(who)
        page = desk.get(f"/console/audit?subject={hazard_id}").ok().text
        assert "匿名职工" in page
        assert worker.name not in page
        assert str(worker.id) not in page
        for said in (worker.name, str(worker.id)):
            found = desk.get(f"/console/audit?who={said}").ok().text
            assert str(named) in found
            assert str(hazard_id) not in found
    disclose(desk_of(world.people.city_reviewer), hazard_id)
    assert worker.name in desk_of(world.people.city_reviewer).get(f"/console/audit?subject={hazard_id}").text
    assert worker.name not in desk_of(world.people.admin).get(f"/console/audit?subject={hazard_id}").text


@pytest.mark.parametrize(("who", "minute"), [("enterprise_reviewer", False), ("town_reviewer", True)])
def test_the_queue_tells_the_enterprise_the_day_and_others_the_minute(
    desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID, who: str, minute: bool
) -> None:
    page = desk_of(getattr(world.people, who)).get("/console/queue").ok().text
    assert EXCERPT in page
    assert "匿名" in page
    said = WITHOUT_TAGS.sub("", re.findall(r"<time[^>]*>[^<]*</time> 上报", page)[0])
    assert bool(re.search(r"\d\d:\d\d", said)) == minute


def test_pictures_of_an_anonymous_report_come_without_a_time(
    app: Flask, desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID, run_jobs: Callable[[], int]
) -> None:
    """A bucket would say when they were put; so they come from here, wherever they are kept."""
    run_jobs()
    page = desk_of(world.people.town_reviewer).get(f"/console/submissions/{hazard_id}").ok().text
    links = {each.replace("&amp;", "&") for each in PICTURE.findall(page)}
    assert {each.split("?")[0].rpartition("/")[2] for each in links} == {"display", "thumbnail", "original"}
    for link in links:
        assert link.startswith("/photos/"), link
        with app.test_client().get(link) as answer:
            assert answer.status_code == 200
            assert {"Last-Modified", "ETag"} & set(answer.headers) == set()
            assert len(answer.get_data()) > 1000


def test_pictures_of_other_reports_may_still_be_kept_by_browsers(
    app: Flask, desk_of: Callable[[Someone], Desk], phone: Phone, world: World, run_jobs: Callable[[], int]
) -> None:
    named = phone.report(images.jpeg(3), enterprise_id=world.unions.shipyard)
    run_jobs()
    page = desk_of(world.people.enterprise_reviewer).get(f"/console/submissions/{named}").ok().text
    link = next(each.replace("&amp;", "&") for each in PICTURE.findall(page) if "display" in each)
    if link.startswith("/"):
        with app.test_client().get(link) as answer:
            assert "ETag" in answer.headers
    else:
        assert "ETag" in requests.get(link, timeout=10).headers
