"""Nothing of a person's is taken before they have agreed to the privacy policy; when they agreed is kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.web.access import PUBLIC, permission_of
from server.unions.consents.models import PrivacyConsent
from server.unions.consents.rules import WITHOUT_CONSENT
from server.unions.policies.jobs import follow_settings
from tests.contract.test_every_door import doors, stand_in
from tests.support.callers import Desk, InProcess, Phone, hazard
from tests.support.images import jpeg
from tests.support.world import POLICY_VERSION, Someone, World, make_person


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
    assert items["隐私说明"] == f"2026年11月1日同意（{POLICY_VERSION} 版）"


def test_the_consent_of_one_person_is_nobody_elses(
    undecided: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    phone_of(world.people.colleague).agree()
    assert undecided.patch("/api/v1/me", {"name": "某某"}).code == "consent_needed"


DRAFT = {
    "processor": "某某市总工会", "contact": "0532-12345678", "collected": "照片：推动整改。\n\n  定位：看是哪里。",
    "seen_by": "工会", "third_parties": "没有", "retention": "一年", "rights": "可以注销", "changes": "多收集定位。",
    "widens": "true",
}  # fmt: skip


def publish(desk: Desk, time_machine: Any, moment: str, **changes: str) -> None:
    """Write a version and publish it at that moment."""
    time_machine.move_to(moment, tick=False)
    assert desk.post("/console/policy", {**DRAFT, **changes, "version": "0"}, form="/console/policy").status == 303
    assert desk.post("/console/policy/publication", {"version": "1"}, form="/console/policy").status == 303


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # S3 refuses who comes with another clock
@pytest.mark.slow("two versions, each drafted and published")
def test_a_version_that_widens_asks_anew_and_one_that_does_not_lets_consents_hold(
    phone: Phone, undecided: Phone, desk_of: Callable[[Someone], Desk], world: World, time_machine: Any
) -> None:
    time_machine.move_to("2026-12-01T08:00:00Z", tick=False)
    desk = desk_of(world.people.city_reviewer)
    publish(desk, time_machine, "2026-12-01T08:00:00Z", widens="false")
    assert phone.patch("/api/v1/me", {"name": "某某"}).status == 200
    assert undecided.put("/api/v1/me/consent", {"version": POLICY_VERSION}).ok().json["version"] == POLICY_VERSION
    assert undecided.get("/api/v1/privacy").json["holding"] == ["2026-12-01", POLICY_VERSION]
    publish(desk, time_machine, "2026-12-01T09:00:00Z")
    assert phone.patch("/api/v1/me", {"name": "某某"}).code == "consent_needed"
    for outdated in (POLICY_VERSION, "2026-12-01"):
        assert phone.put("/api/v1/me/consent", {"version": outdated}).code == "consent_outdated"
        assert phone.post("/api/v1/receipts", {"version": outdated}).code == "consent_outdated"
    present = phone.get("/api/v1/privacy/policy").ok().json
    assert (present["version"], present["processor"]) == ("2026-12-01.2", "某某市总工会")
    assert present["sections"][0]["lines"] == ["照片：推动整改。", "定位：看是哪里。"]
    assert [each["version"] for each in present["versions"]] == [
        "2026-12-01.2",
        "2026-12-01",
        POLICY_VERSION,
        "2026-12.2",
        "2026-12",
    ]
    assert phone.put("/api/v1/me/consent", {"version": "2026-12-01.2"}).ok().json["version"] == "2026-12-01.2"
    assert phone.patch("/api/v1/me", {"name": "某某"}).status == 200
    items = {item["name"]: item["value"] for item in phone.get("/api/v1/me/data").json["items"]}
    assert items["隐私说明"] == "2026年12月1日同意（2026-12-01.2 版）"


def test_earlier_versions_stay_readable_on_both_faces_and_a_draft_is_nobodys(
    phone: Phone, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.admin)
    saved = desk.post("/console/policy", {**DRAFT, "version": "0"}, form="/console/policy")
    assert saved.status == 303
    assert "某某市总工会" not in phone.get("/privacy").text
    assert phone.get("/api/v1/privacy/policy?version=draft").status == 404
    stale = desk.post("/console/policy", {**DRAFT, "collected": "另一份", "version": "0"}, form="/console/policy")
    assert (stale.status, "另一份" in stale.text, "刚被别人改过" in stale.text) == (409, True, True)
    refused = desk.post("/console/policy", {**DRAFT, "widens": "", "version": "1"}, form="/console/policy")
    assert (refused.status, "多收集定位。" in refused.text) == (422, True)
    assert desk.post("/console/policy/publication", {"version": "7"}, form="/console/policy").status == 409
    assert desk.post("/console/policy/publication", {"version": "1"}, form="/console/policy").status == 303
    assert "某某市总工会" in phone.get("/privacy").text
    first = phone.get(f"/api/v1/privacy/policy?version={POLICY_VERSION}").ok().json
    assert (first["version"], first["processor"], "视频" in first["changes"]) == (POLICY_VERSION, "本市总工会", True)
    assert "这是以前的版本" in phone.get(f"/privacy?version={POLICY_VERSION}").text
    assert desk.post("/console/policy", {**DRAFT, "version": "0"}, form="/console/policy").status == 303
    assert desk.post("/console/policy/removal", {"version": "1"}, form="/console/policy").status == 303
    assert desk_of(world.people.town_reviewer).get("/console/policy").status == 403


def test_an_outsider_whom_the_settings_bring_in_is_named_by_a_new_version_before_anything_goes_there(
    phone: Phone, app: Flask, desk_of: Callable[[Someone], Desk], database: Database, world: World
) -> None:
    settings: Settings = app.extensions["settings"]

    def follow(**changes: Any) -> tuple[str, bool]:
        """What the worker does each minute, with other settings; the version then, and whether consents hold."""
        app.extensions["settings"] = database.settings = settings.model_copy(update=changes)
        before = phone.get("/api/v1/privacy").json["vision"]
        assert before in ("", changes.get("vision_name"))
        follow_settings(JobContext(database.settings, database, app.extensions["object_store"]))
        answer = phone.patch("/api/v1/me", {"name": "某某"})
        assert answer.status == 200 or answer.code == "consent_needed"
        return phone.get("/api/v1/privacy/policy").json["version"], answer.status == 200

    assert follow() == (POLICY_VERSION, True)
    named = {"vision_url": "https://see.example.org/v1", "vision_model": "m", "vision_name": "某某识别"}
    version, holds = follow(**named)
    assert (version != POLICY_VERSION, holds, follow(**named)) == (True, False, (version, False))
    policy = phone.get("/api/v1/privacy/policy").json
    lines = next(part["lines"] for part in policy["sections"] if part["title"] == "交给第三方的")
    assert [line.startswith("某某识别：") for line in lines][-2:] == [False, True]
    assert "多了：某某识别" in policy["changes"]
    assert phone.get("/api/v1/privacy").json["vision"] == "某某识别"
    phone.put("/api/v1/me/consent", {"version": version}).ok()
    widened = follow(**named, vision_for_review=True)
    assert widened[1] is False
    phone.put("/api/v1/me/consent", {"version": widened[0]}).ok()
    gone, holds = follow()  # who is given less need not ask again
    assert (gone != widened[0], holds) == (True, True)
    desk = desk_of(world.people.city_reviewer)
    assert desk.post("/console/policy", {**DRAFT, "version": "0"}, form="/console/policy").status == 303
    assert desk.post("/console/policy/publication", {"version": "1"}, form="/console/policy").status == 303
    assert follow()[0] == phone.get("/api/v1/privacy/policy").json["version"]
    assert "跟上设置" in desk.get("/console/audit").ok().text
