"""Nothing of a person's is taken before they have agreed to the privacy policy; when they agreed is kept."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.web.access import PUBLIC, permission_of
from server.unions.consents.models import PrivacyConsent
from server.unions.consents.rules import POLICY_VERSION, WITHOUT_CONSENT
from tests.contract.test_every_door import doors, stand_in
from tests.support.callers import InProcess, Phone, hazard
from tests.support.images import jpeg
from tests.support.sources import ROOT
from tests.support.world import Someone, World, make_person


@pytest.fixture
def undecided(app: Flask, database: Database, world: World) -> Phone:
    """The phone of somebody who is signed in and has not agreed to anything."""
    with database.transaction() as session:
        make_person(session, None, enterprise_id=world.unions.shipyard, demo="worker-77", has_consented=False)
    phone = Phone(InProcess(app))
    phone.token = phone.post("/api/v1/session", {"code": "demo:worker-77"}).ok().json["token"]
    return phone


def consents(database: Database, person_id: Any) -> list[PrivacyConsent]:
    with database.reading() as session:
        rows = select(PrivacyConsent).where(PrivacyConsent.person_id == person_id).order_by(PrivacyConsent.id)
        return list(session.scalars(rows))


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_whatever_a_worker_sends_is_refused_until_they_have_agreed(app: Flask, undecided: Phone) -> None:
    policy = app.extensions["policy"]
    refused = 0
    for rule, method in doors(app):
        permission = permission_of(app, rule.endpoint) or ""
        if permission == PUBLIC or "worker" not in policy[permission] or method == "GET":
            continue
        if not rule.rule.startswith("/api/") or permission in WITHOUT_CONSENT:
            continue
        with app.test_request_context():
            path = app.url_map.bind("localhost").build(
                rule.endpoint, {name: stand_in(rule._converters[name]) for name in rule.arguments}, method=method
            )
        answer = undecided.call(method, path, {})
        assert (answer.status, answer.code) == (403, "consent_needed"), f"{method} {path}: {answer.text[:300]}"
        refused += 1
    assert refused > 20


def test_a_worker_who_has_not_agreed_can_look_around_and_is_told_why_a_report_is_not_taken(
    undecided: Phone, world: World
) -> None:
    for path in ("/api/v1/campaign", "/api/v1/suggestions", "/api/v1/quizzes", "/api/v1/me", "/api/v1/me/data"):
        assert undecided.get(path).status == 200
    refused = undecided.declare(ids.new_id(), hazard([jpeg(1)], enterprise_id=world.unions.shipyard))
    assert (refused.status, refused.code) == (403, "consent_needed")
    assert refused.json["error"]["message"] == "请先看过并同意隐私说明，再继续。"


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # S3 refuses who comes with another clock
def test_the_version_and_the_moment_of_a_consent_are_kept_once_and_reports_are_taken_from_then_on(
    undecided: Phone, database: Database, world: World, time_machine: Any
) -> None:
    time_machine.move_to("2026-12-01T08:00:00Z", tick=False)
    given = undecided.put("/api/v1/me/consent", {"version": POLICY_VERSION}).ok().json
    assert given == {"version": POLICY_VERSION, "agreed_at": "2026-12-01T08:00:00.000Z"}
    time_machine.move_to("2026-12-02T08:00:00Z", tick=False)
    assert undecided.put("/api/v1/me/consent", {"version": POLICY_VERSION}).ok().json == given
    person_id = undecided.get("/api/v1/me").json["id"]
    assert len(consents(database, UUID(person_id))) == 1
    with database.reading() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("consent.%"))).all()
    assert actions == ["consent.given"]
    undecided.report(jpeg(1), enterprise_id=world.unions.shipyard)


def test_agreeing_to_another_version_than_the_present_one_is_not_a_consent(undecided: Phone) -> None:
    assert undecided.get("/api/v1/privacy").json["version"] == POLICY_VERSION
    outdated = undecided.put("/api/v1/me/consent", {"version": "2025-01"})
    assert (outdated.status, outdated.code) == (409, "consent_outdated")
    assert undecided.patch("/api/v1/me", {"name": "某某"}).code == "consent_needed"


def test_a_consent_taken_back_refuses_what_is_new_and_leaves_what_was_sent(
    phone: Phone, database: Database, world: World
) -> None:
    report = phone.report(jpeg(1), enterprise_id=world.unions.shipyard)
    assert phone.delete("/api/v1/me/consent").status == 204
    assert phone.delete("/api/v1/me/consent").status == 204
    assert phone.declare(ids.new_id(), hazard([jpeg(2)])).code == "consent_needed"
    assert phone.get(f"/api/v1/submissions/{report}").json["status"] == "queued"
    phone.post(f"/api/v1/submissions/{report}/withdraw").ok()
    phone.agree().report(jpeg(3), enterprise_id=world.unions.shipyard)
    kept = consents(database, world.people.worker.id)
    assert [each.withdrawn_at is None for each in kept] == [False, True]


def test_a_person_sees_when_they_agreed(phone: Phone) -> None:
    items = {item["name"]: item["value"] for item in phone.get("/api/v1/me/data").json["items"]}
    assert items["隐私说明"] == "2026年11月1日同意"


def test_the_consent_of_one_person_is_nobody_elses(
    undecided: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    phone_of(world.people.colleague).agree()
    assert undecided.patch("/api/v1/me", {"name": "某某"}).code == "consent_needed"


def test_the_pages_of_the_phone_show_the_version_that_the_service_asks_for() -> None:
    source = (ROOT / "miniprogram/src/platform/privacy.ts").read_text()
    shown = re.search(r'VERSION = "([^"]+)"', source)
    assert shown
    assert shown[1] == POLICY_VERSION
