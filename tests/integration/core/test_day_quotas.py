"""One person cannot flood the others: so much a day, then a clear word, and nothing of what was taken is lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from server.core import ids
from tests.integration.suggestions.conftest import words
from tests.support import images
from tests.support.callers import Answer, Phone, hazard
from tests.support.world import Someone, World

USED = (429, "day_quota_used")


@pytest.fixture
def colleague(phone_of: Callable[[Someone], Phone], world: World) -> Phone:
    return phone_of(world.people.colleague)


def declare(phone: Phone, world: World, *photos: images.Sample) -> tuple[UUID, Answer]:
    hazard_id = ids.new_id()
    return hazard_id, phone.declare(hazard_id, hazard(photos, enterprise_id=world.unions.shipyard))


@pytest.mark.settings(rate_limits=True, day_reports=2)
def test_a_person_sends_so_many_reports_a_day(phone: Phone, colleague: Phone, world: World) -> None:
    hazard_id = ids.new_id()
    report = hazard([images.webp()], enterprise_id=world.unions.shipyard)
    assert phone.declare(hazard_id, report).status == 201
    for _ in range(3):
        assert phone.declare(hazard_id, report).status == 200  # the same again is nothing new
    assert declare(phone, world, images.webp())[1].status == 201
    refused = declare(phone, world, images.webp())[1]
    assert (refused.status, refused.code) == USED
    assert "明天再发" in refused.json["error"]["message"]
    assert phone.declare(hazard_id, report).status == 200  # an answer that was missed on the way is given again
    assert phone.declare(hazard_id, {**report, "place": "别处"}).status == 409
    assert colleague.declare(hazard_id, report).status == 409
    assert declare(colleague, world, images.webp())[1].status == 201


@pytest.mark.settings(rate_limits=True)
def test_a_person_asks_for_hints_so_often_a_minute(phone: Phone, world: World) -> None:
    asked = {"enterprise_id": str(world.unions.shipyard), "category": "electric", "place": "", "description": ""}
    answers = [phone.post("/api/v1/hazards/hints", asked) for _ in range(31)]
    assert {answer.status for answer in answers[:30]} == {200}
    assert (answers[30].status, answers[30].code) == (429, "too_many_requests")


@pytest.mark.settings(rate_limits=True, day_photos=2)
def test_a_person_sends_so_many_photos_a_day(phone: Phone, world: World) -> None:
    samples = [images.webp(seed) for seed in (1, 2, 3)]
    hazard_id, _ = declare(phone, world, *samples)
    answers = [phone.upload(hazard_id, sample, position) for position, sample in enumerate(samples)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[2].code == USED[1]
    assert phone.get(f"/api/v1/submissions/{hazard_id}").ok().json["status"] == "incomplete"


@pytest.mark.settings(rate_limits=True, day_photo_megabytes=3)
def test_a_person_sends_so_many_megabytes_a_day(phone: Phone, world: World) -> None:
    samples = [images.png(seed, (900, 700)) for seed in (1, 2)]
    assert all(1_000_000 < len(sample.content) < 2_000_000 for sample in samples)
    hazard_id, _ = declare(phone, world, *samples)
    answers = [phone.upload(hazard_id, sample, position) for position, sample in enumerate(samples)]
    assert [answer.status for answer in answers] == [200, 429]


@pytest.mark.settings(rate_limits=True, day_photo_megabytes=3, photo_max_bytes=2_000_000)
def test_a_body_that_hides_its_length_counts_as_the_largest(
    app: Flask, phone: Phone, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that sends in chunks must not send gigabytes at the price of a megabyte each."""
    samples = [images.png(seed, (900, 700)) for seed in (1, 2)]
    hazard_id, _ = declare(phone, world, *samples)
    whole = app.wsgi_app

    def in_chunks(environ: dict[str, Any], start_response: Any) -> Any:
        del environ["CONTENT_LENGTH"]
        return whole(environ | {"wsgi.input_terminated": True}, start_response)

    monkeypatch.setattr(app, "wsgi_app", in_chunks)
    answers = [phone.upload(hazard_id, sample, position) for position, sample in enumerate(samples)]
    assert [answer.status for answer in answers] == [200, 429]


@pytest.mark.settings(rate_limits=True, day_suggestions=2)
def test_a_person_makes_so_many_suggestions_a_day(phone: Phone, colleague: Phone) -> None:
    first, body = ids.new_id(), words()
    assert phone.put(f"/api/v1/suggestions/{first}", body).status == 201
    assert phone.put(f"/api/v1/suggestions/{first}", body).status == 200  # the same again is nothing new
    assert phone.put(f"/api/v1/suggestions/{ids.new_id()}", body).status == 201
    refused = phone.put(f"/api/v1/suggestions/{ids.new_id()}", body)
    assert (refused.status, refused.code) == USED
    assert phone.put(f"/api/v1/suggestions/{first}", body).status == 200  # an answer that was missed is given again
    assert phone.get("/api/v1/suggestions/categories").status == 200
    assert colleague.put(f"/api/v1/suggestions/{ids.new_id()}", body).status == 201


@pytest.mark.settings(rate_limits=True, day_follows=1)
def test_a_person_follows_so_many_a_day(phone: Phone, colleague: Phone, world: World) -> None:
    hazard_ids = [phone.report(images.webp(seed), enterprise_id=world.unions.shipyard) for seed in (1, 2)]
    answers = [colleague.put(f"/api/v1/submissions/{each}/follow", {"is_joint": False}) for each in hazard_ids]
    assert [(answer.status) for answer in answers] == [200, 429]
    assert answers[1].code == USED[1]


@pytest.mark.settings(rate_limits=True)
def test_nobody_fills_the_log_by_changing_their_mind_for_ever(phone: Phone) -> None:
    """Each consent given or taken back, each new name is kept for good."""
    names = [phone.patch("/api/v1/me", {"name": f"赵工{number}"}).status for number in range(61)]
    assert names == [200] * 60 + [429]
    said = [phone.delete("/api/v1/me/consent").status for _ in range(61)]
    assert said == [204] * 60 + [429]
