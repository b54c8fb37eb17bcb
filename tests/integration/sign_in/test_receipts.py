"""Reporting without an account: a receipt's code leads back to it, and nothing is kept that tells whose it is."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from server import models
from server.core import ids
from server.core.db import Database
from server.unions.people.models import Receipt
from server.unions.receipts.rules import new_code
from tests.integration.sign_in.conftest import browser_at
from tests.support import images
from tests.support.callers import Desk, InProcess, Phone, hazard
from tests.support.versions import version_of
from tests.support.world import POLICY_VERSION, Someone, World

AGENT = "Mozilla/5.0 (Linux; Android 12; 某某牌手机)"
ADDRESS = "203.0.113.77"


@pytest.fixture
def stranger(app: Flask) -> Phone:
    """A phone that tells its make and its address with everything it sends."""
    return Phone(browser_at(app, REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT.encode().decode("latin-1")))


def take_receipt(phone: Phone) -> str:
    """Begin without an account. Returns the code."""
    taken = phone.post("/api/v1/receipts", {"version": POLICY_VERSION}).ok().json
    phone.token = taken["token"]
    return str(taken["code"])


def report(phone: Phone, world: World) -> str:
    return str(phone.report(images.bare_jpeg(1), enterprise_id=world.unions.shipyard, is_anonymous=True))


def test_the_code_alone_leads_back_to_the_question_and_answers_it(
    stranger: Phone, desk_of: Callable[[Someone], Desk], world: World, app: Flask, run_jobs: Callable[..., int]
) -> None:
    code = take_receipt(stranger)
    hazard_id = report(stranger, world)
    desk = desk_of(world.people.enterprise_reviewer)
    page = f"/console/submissions/{hazard_id}"
    desk.post(f"{page}/return", {"version": version_of(desk, hazard_id), "reply": "是几号门？"})
    assert "匿名职工" in desk.get(page).text
    elsewhere = Phone(InProcess(app))
    elsewhere.token = (
        elsewhere.post("/api/v1/receipts/open", {"code": code.lower().replace("-", " ")}).ok().json["token"]
    )
    (item,) = elsewhere.get("/api/v1/submissions").ok().json["items"]
    assert (item["id"], item["needs_answer"]) == (hazard_id, True)
    answer = {"text": "三号门", "photos": []}
    elsewhere.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id_of_day(datetime.now(UTC))}", answer).ok()
    run_jobs(expect_failures=True)
    assert "三号门" in desk.get(page).text


def test_nothing_is_kept_of_whoever_has_it(stranger: Phone, world: World, database: Database) -> None:
    code = take_receipt(stranger)
    report(stranger, world)
    stranger.post("/api/v1/receipts/open", {"code": code}).ok()
    found: dict[str, str] = {}
    traces = (code, code.replace("-", ""), ADDRESS, "203.0.113", "Android", "某某牌")
    with database.reading() as session:
        for table in models.metadata.sorted_tables:
            rows = str(session.execute(select(table)).all())
            found.update((table.name, each) for each in traces if each in rows)
        (receipt,) = session.scalars(select(Receipt))
        made = receipt.person_id
    assert found == {}
    assert ids.tells_day_only(made), "who came when would tell as much"


def test_guessing_is_slowed_down_and_a_right_code_is_not(stranger: Phone) -> None:
    code = take_receipt(stranger)
    for _ in range(6):
        stranger.post("/api/v1/receipts/open", {"code": code}).ok()
    tries = [stranger.post("/api/v1/receipts/open", {"code": new_code()}) for _ in range(6)]
    assert [each.status for each in tries] == [401] * 5 + [429]
    assert stranger.post("/api/v1/receipts/open", {"code": code}).status == 429, "a guesser waits for every code"


def test_a_receipt_opens_its_reports_and_nothing_that_counts_or_rewards_people(stranger: Phone, world: World) -> None:
    take_receipt(stranger)
    report(stranger, world)
    closed = [
        stranger.get("/api/v1/quizzes"), stranger.get("/api/v1/points"), stranger.get("/api/v1/draws"),
        stranger.get("/api/v1/prizes/wins"), stranger.patch("/api/v1/me", {"name": "赵一"}),
        stranger.put(f"/api/v1/suggestions/{ids.new_id()}", {}),
    ]  # fmt: skip
    assert {each.code for each in closed} == {"account_needed"}
    named = hazard([images.jpeg(2)], enterprise_id=world.unions.shipyard)
    assert stranger.declare(ids.new_id(), named).status == 422, "without an account, without a name"


def test_an_old_policy_gives_no_receipt(stranger: Phone) -> None:
    assert stranger.post("/api/v1/receipts", {"version": "2020-01"}).code == "consent_outdated"
