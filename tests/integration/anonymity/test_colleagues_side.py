"""What colleagues learn of an anonymous report by hints, by following it and from their inbox: days, never minutes."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine as clock
from flask import Flask

from server.core import ids
from server.core.db import Database
from tests.integration.anonymity.conftest import HEX_ID, Case, ids_made_while_reporting, known_ids, read
from tests.integration.rectification.conftest import Case as Repair
from tests.integration.rectification.conftest import Hand, hand_of, rectifier
from tests.integration.review.conftest import Reviewer, reviewer_of
from tests.support.callers import Phone
from tests.support.world import Someone, World

__all__ = ["hand_of", "rectifier", "reviewer_of"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # S3 refuses a clock that was moved

DONE_BY_REPORTER = datetime(2026, 11, 24, 3, 43, 21, tzinfo=UTC)  # 11:43 in Shanghai
ITS_DAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
NEXT_DAY = ITS_DAY + timedelta(days=1)
MINUTES = re.compile("05:37|13:37|03:43|11:43")
HINT = {"category": "electric", "place": "3号车间东门口", "description": "三号门外的配电箱敞着"}


@pytest.fixture
def follower(phone_of: Callable[[Someone], Phone], world: World, case: Case) -> Phone:
    """A colleague who came upon it by a hint, and saw it too."""
    phone = phone_of(world.people.colleague)
    hints = phone.post("/api/v1/hazards/hints", {**HINT, "enterprise_id": str(world.unions.shipyard)}).ok()
    assert str(case.submission_id) in hints.text
    assert not MINUTES.search(hints.text)
    phone.put(f"/api/v1/submissions/{case.submission_id}/follow", {"is_joint": True}).ok()
    return phone


def addresses(app: Flask, known: list[UUID]) -> Iterator[str]:
    """Every page of the worker's side with every known id."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        converters = {name: type(rule._converters[name]).__name__ for name in rule.arguments}
        if "GET" in (rule.methods or ()) and rule.rule.startswith("/api/v1") and "session" not in rule.rule:
            for each in known if converters else known[:1]:
                values: dict[str, Any] = {
                    name: each if converter == "UUIDConverter" else 1 if converter == "IntegerConverter" else "display"
                    for name, converter in converters.items()
                }
                yield adapter.build(rule.endpoint, values)


def tells_the_minute(text: str) -> list[str]:
    """The reporter's minutes in a text, and ids made in them."""
    start = DONE_BY_REPORTER.timestamp() * 1000 - 60_000
    made = [each for each in HEX_ID.findall(text) if start <= UUID(each).int >> 80 <= start + 180_000]
    return [*MINUTES.findall(text), *ids_made_while_reporting(text), *made]


def betrayals(app: Flask, follower: Phone, database: Database, case: Case, world: World) -> list[tuple[str, list[str]]]:
    """Whatever the follower can read that tells the reporter's minutes."""
    with database.reading() as session:
        known = known_ids(session, case, world)
    answers = {address: follower.get(address) for address in addresses(app, known)}
    assert all(answer.status < 500 for answer in answers.values())
    return [(address, told) for address, answer in answers.items() if (told := tells_the_minute(read(answer)))]


def followed(phone: Phone, case: Case) -> dict[str, Any]:
    items = phone.get("/api/v1/follows").ok().json["items"]
    return next(item for item in items if item["id"] == str(case.submission_id))


def news(phone: Phone, case: Case) -> list[dict[str, Any]]:
    items = phone.get("/api/v1/inbox").ok().json["items"]
    return [item for item in items if item["submission_id"] == str(case.submission_id)]


def test_a_follower_learns_the_days_of_an_anonymous_report_and_no_minute_of_it(
    app: Flask, follower: Phone, phone_of: Callable[[Someone], Phone], database: Database, world: World, case: Case,
    reviewer_of: Callable[[Someone], Reviewer], rectifier: Hand,
) -> None:  # fmt: skip
    assert betrayals(app, follower, database, case, world) == []
    assert reviewer_of(world.people.town_reviewer).move(case.submission_id, "accept", grade="3").status == 303
    rectifier.submit(Repair(database, case.submission_id).row)
    with clock.travel(DONE_BY_REPORTER):
        path = f"/api/v1/submissions/{case.submission_id}/rectification/confirm"
        phone_of(case.reporter).post(path, {"text": ""}).ok()
        assert betrayals(app, follower, database, case, world) == []
        message, accepted = news(follower, case)
        steps = followed(follower, case)["steps"]
    assert (message["title"], message["number"]) == ("你关注的隐患已销号", None)
    assert datetime.fromisoformat(message["created_at"]) == ITS_DAY
    assert all(ids.tells_day_only(UUID(each["id"])) for each in (message, accepted))
    assert {datetime.fromisoformat(step["at"]).time() for step in steps if step["at"]} == {ITS_DAY.time()}
    assert datetime.fromisoformat(steps[-1]["at"]) == ITS_DAY


def test_what_an_anonymous_reporter_withdraws_is_told_when_the_day_is_over(
    app: Flask, follower: Phone, phone_of: Callable[[Someone], Phone], database: Database, world: World, case: Case,
    reviewer_of: Callable[[Someone], Reviewer], run_jobs: Callable[..., int],
) -> None:  # fmt: skip
    """A report merged into it takes its place: when that happens would tell the moment too."""
    stranger = phone_of(world.people.stranger)
    merged_id = stranger.report(enterprise_id=world.unions.shipyard)
    target = {"target_id": str(case.submission_id)}
    assert reviewer_of(world.people.town_reviewer).move(merged_id, "mark_duplicate", **target).status == 303
    with clock.travel(DONE_BY_REPORTER):
        phone_of(case.reporter).post(f"/api/v1/submissions/{case.submission_id}/withdraw").ok()
        run_jobs(expect_failures=True)
        assert betrayals(app, follower, database, case, world) == []
        assert stranger.get(f"/api/v1/submissions/{merged_id}").ok().json["status"] == "duplicate"
    with clock.travel(NEXT_DAY + timedelta(minutes=1)):
        run_jobs(expect_failures=True)
        assert betrayals(app, follower, database, case, world) == []
        mine = stranger.get(f"/api/v1/submissions/{merged_id}").ok()
        history = reviewer_of(world.people.enterprise_reviewer).open(merged_id).ok().text
        inbox = stranger.get("/api/v1/inbox").ok().text
    assert mine.json["status"] == "queued"
    assert [tells_the_minute(text) for text in (mine.text, history, inbox)] == [[], [], []]
