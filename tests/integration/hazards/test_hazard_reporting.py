"""Reporting a hazard: idempotent by the phone's own id."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.activities.hazards.models import Hazard
from server.core import ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.photos.models import Photo
from server.review.submissions.models import Submission, SubmissionStep
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import forget_campaigns
from server.unions.tree.models import Union
from tests.support.callers import InProcess, Phone, hazard
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.world import Someone, World

SAMPLE = jpeg()


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def load(database: Database, submission_id: UUID) -> Submission:
    with database.reading() as session:
        return session.get_one(Submission, submission_id)


def test_a_report_is_created_once_and_known_ever_after(phone: Phone, world: World, database: Database) -> None:
    hazard_id, body = ids.new_id(), hazard((SAMPLE,), enterprise_id=world.unions.shipyard)
    first, again = phone.declare(hazard_id, body), phone.declare(hazard_id, body)
    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert first.json["photos"][0]["state"] == "awaited"
    assert [count(database, table) for table in (Submission, Hazard, Photo, SubmissionStep)] == [1, 1, 1, 1]


def test_the_answer_to_a_new_report_is_what_asking_for_it_gives(phone: Phone, world: World) -> None:
    hazard_id = ids.new_id()
    new = phone.declare(hazard_id, hazard((SAMPLE,), enterprise_id=world.unions.shipyard)).json
    assert phone.get(f"/api/v1/submissions/{hazard_id}").json == new


def test_other_content_under_the_same_id_is_a_conflict(phone: Phone, world: World) -> None:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard((SAMPLE,))).ok()
    answer = phone.declare(hazard_id, hazard((SAMPLE,), place="别处"))
    assert (answer.status, answer.code) == (409, "content_differs")


def test_somebody_elses_id_is_answered_in_the_same_words(
    phone: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    hazard_id, body = ids.new_id(), hazard((SAMPLE,))
    phone.declare(hazard_id, body).ok()
    answer = phone_of(world.people.stranger).declare(hazard_id, body)
    assert (answer.status, answer.code) == (409, "content_differs")


def test_the_same_report_sent_ten_times_at_once_is_new_once(app: Flask, world: World, database: Database) -> None:
    phones = [Phone(InProcess(app)).sign_in(world.people.worker.code or "") for _ in range(5)]
    hazard_id, body = ids.new_id(), hazard((SAMPLE,), enterprise_id=world.unions.shipyard)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda each: each.declare(hazard_id, body), phones * 2))
    assert sorted(answer.status for answer in answers) == [200] * 9 + [201]
    assert [count(database, table) for table in (Submission, Hazard, Photo, SubmissionStep)] == [1, 1, 1, 1]


def test_a_report_takes_few_statements(phone: Phone, world: World, database: Database) -> None:
    body = hazard([jpeg(seed) for seed in range(3)], enterprise_id=world.unions.shipyard)
    phone.declare(ids.new_id(), body).ok()
    with count_statements(database.engine) as statements:
        phone.declare(ids.new_id(), body).ok()
    on_postgres = database.engine.dialect.name == "postgresql"
    writes = [text for text in statements if "INSERT INTO" in text]
    assert len(writes) == (1 if on_postgres else 7), writes  # submission, hazard, step, audit row, three photos
    assert len([text for text in statements if not text.startswith("BEGIN")]) == len(writes) + 1, statements


@pytest.mark.parametrize(
    ("place", "routed"),
    [
        ({"enterprise_id": "bakery"}, "bakery"),
        ({"area_id": "seaside"}, "seaside"),
        ({"area_id": "north"}, "north"),
        ({"place": "市南区八大湖街道延安三路路口"}, "seaside"),
        ({"place": "某个没人知道的地方"}, "city"),
    ],
)
def test_a_report_is_routed_to_the_union_that_answers_for_the_place(
    phone: Phone, world: World, database: Database, place: dict[str, Any], routed: str
) -> None:
    unions = vars(world.unions)
    changes = {key: unions.get(value, value) for key, value in place.items()}
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard((SAMPLE,), **changes)).ok()
    row = load(database, hazard_id)
    with database.reading() as session:
        union = session.get_one(Union, unions[routed])
    assert row.routed_union_id == union.id
    columns = ("city_id", "district_id", "town_id", "enterprise_id")
    assert [getattr(row, column) for column in columns] == [getattr(union, column) for column in columns]


@pytest.mark.parametrize("who", ["worker", "newcomer"])
def test_anybody_may_report_at_any_enterprise_or_somewhere_else(
    phone_of: Callable[[Someone], Phone], world: World, who: str
) -> None:
    caller = phone_of(getattr(world.people, who))
    assert caller.declare(ids.new_id(), hazard((SAMPLE,), enterprise_id=world.unions.brewery)).status == 201
    assert caller.declare(ids.new_id(), hazard((SAMPLE,))).status == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"category": "nonsense"}, "category"),
        ({"enterprise_id": "00000000-0000-7000-8000-000000000000"}, "enterprise_id"),
        ({"enterprise_id": "seaside"}, "enterprise_id"),
        ({"area_id": "shipyard"}, "area_id"),
        ({"area_id": "city"}, "area_id"),
        ({"description": "字" * 1001}, "description"),
    ],
)
def test_what_does_not_fit_the_campaign_or_the_tree_is_refused_naming_the_field(
    phone: Phone, world: World, database: Database, wrong: dict[str, str], field: str
) -> None:
    changes = {key: vars(world.unions).get(value, value) for key, value in wrong.items()}
    answer = phone.declare(ids.new_id(), hazard((SAMPLE,), **changes))
    assert answer.status == 422
    assert field in answer.json["error"]["fields"]
    assert count(database, Submission) == 0


def test_a_closed_enterprise_takes_no_reports(phone: Phone, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Union, world.unions.bakery).is_active = False
    assert phone.declare(ids.new_id(), hazard((SAMPLE,), enterprise_id=world.unions.bakery)).status == 422


def test_ids_from_the_far_future_and_of_other_kinds_are_refused(phone: Phone) -> None:
    future = UUID(int=ids.new_id().int + ((3 * 86_400_000) << 80))
    tomorrow = UUID(int=ids.new_id().int + (86_400_000 << 80))
    assert phone.declare(future, hazard((SAMPLE,))).code == "clock_ahead"
    assert phone.declare(tomorrow, hazard((SAMPLE,))).status == 201
    assert phone.declare(UUID("6f1b5d9e-3c52-4f8a-9d52-1f2e3a4b5c6d"), hazard((SAMPLE,))).status == 422
    assert phone.put("/api/v1/hazards/not-an-id", hazard((SAMPLE,))).status == 404


def test_a_photo_over_the_cap_is_refused_before_it_is_sent(phone: Phone, database: Database) -> None:
    body = hazard((SAMPLE,))
    body["photos"] = [{"sha256": "a" * 64, "size": 21 * 1024 * 1024}]
    answer = phone.declare(ids.new_id(), body)
    assert (answer.status, answer.code) == (413, "photo_too_large")
    assert count(database, Submission) == 0


def test_between_activities_reports_are_turned_away(phone: Phone, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.get_one(Campaign, world.campaign_id).activities = ["quiz"]
    forget_campaigns()
    answer = phone.declare(ids.new_id(), hazard((SAMPLE,)))
    assert (answer.status, answer.code) == (409, "activity_disabled")


def test_a_report_is_on_record(phone: Phone, world: World, database: Database) -> None:
    hazard_id = ids.new_id()
    phone.declare(hazard_id, hazard((SAMPLE,))).ok()
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == str(hazard_id))).one()
    assert (entry.action, entry.actor_id) == ("submission.create", world.people.worker.id)
