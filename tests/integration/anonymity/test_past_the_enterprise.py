"""直接交给上级工会: what a worker sends past their enterprise is seen there by nobody, and put right there."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import ids
from server.core.db import Database
from server.kit.documents.models import Document
from server.review.rectification.models import Rectification
from tests.integration.anonymity.conftest import report_anonymously
from tests.support import images
from tests.support.callers import Desk, Phone, hazard
from tests.support.versions import version_of
from tests.support.world import Someone, World

Phones = Callable[[Someone], Phone]
Desks = Callable[[Someone], Desk]


def report_past(phone: Phone, enterprise_id: UUID, sample: images.Sample, **changes: object) -> UUID:
    """A hazard at an enterprise that its union is not to see."""
    return report_anonymously(phone, sample, enterprise_id=enterprise_id, is_direct=True, **changes)


def move(desk: Desk, hazard_id: UUID, name: str, **fields: str) -> int:
    page = f"/console/submissions/{hazard_id}"
    return desk.post(f"{page}/{name}", {"version": version_of(desk, hazard_id), **fields}).status


def test_the_enterprise_sees_nothing_until_it_is_advised_and_then_neither_the_report_nor_a_name(
    phone_of: Phones, desk_of: Desks, world: World, database: Database, run_jobs: Callable[..., int]
) -> None:
    phone = phone_of(world.people.worker)
    hazard_id = report_past(phone, world.unions.shipyard, images.jpeg(1), description="老板不让说的配电箱")
    run_jobs(expect_failures=True)
    shipyard, town = desk_of(world.people.enterprise_reviewer), desk_of(world.people.town_reviewer)
    own = phone.get(f"/api/v1/submissions/{hazard_id}").ok().json
    assert (own["is_direct"], bool(own["enterprise_name"])) == (True, True), "whoever sent it sees about whom it is"
    assert "老板不让说" not in shipyard.get("/console/queue").text
    assert shipyard.get(f"/console/submissions/{hazard_id}").status == 404
    assert "职工请上级工会直接办理" in town.get(f"/console/submissions/{hazard_id}").text
    refused = town.post(
        f"/console/submissions/{hazard_id}/pass_down",
        {"version": version_of(town, hazard_id), "union_id": str(world.unions.shipyard)},
    )
    assert refused.status == 422
    assert "不能转给这家企业" in refused.text
    assert move(town, hazard_id, "accept", grade="2", measures="给配电箱装门") == 303
    run_jobs(expect_failures=True)
    with database.reading() as session:
        row = session.scalars(select(Rectification).where(Rectification.submission_id == hazard_id)).one()
    assert row.addressee_id == row.enterprise_id == world.unions.shipyard
    page = shipyard.get(f"/console/rectifications/{row.id}").ok().text
    assert "匿名职工" in page
    assert "给配电箱装门" in page
    assert not {each for each in (world.people.worker.name, str(hazard_id), "老板不让说") if each in page}
    assert "老板不让说" not in row.excerpt  # which lists, papers and letters show
    assert town.post(f"/console/rectifications/{row.id}/papers/notice").status == 303
    with database.reading() as session:
        (words,) = session.scalars(select(Document.words).where(Document.owner_id == row.id))
    assert "老板不让说" not in words
    assert "给配电箱装门" in words
    assert "老板不让说" in town.get(f"/console/rectifications/{row.id}").ok().text
    assert shipyard.get(f"/console/submissions/{hazard_id}").status == 404


@pytest.mark.parametrize("changes", [{"is_anonymous": False}, {"enterprise_id": None}])
def test_it_goes_past_an_enterprise_and_without_a_name(
    phone_of: Phones, world: World, changes: dict[str, object]
) -> None:
    about: dict[str, object] = {"enterprise_id": world.unions.shipyard, "is_anonymous": True, **changes}
    body = hazard([images.jpeg(1)], is_direct=True, **about)
    refused = phone_of(world.people.worker).declare(ids.new_id_of_day(datetime.now(UTC)), body)
    assert refused.status == 422
    assert "直接交给上级工会" in refused.text


def test_colleagues_get_no_hint_of_it(phone_of: Phones, world: World) -> None:
    words = {"place": "北门口", "description": "配电箱的门锁坏了，电线露在外面"}
    report_past(phone_of(world.people.worker), world.unions.shipyard, images.jpeg(1), **words)
    asked = {"category": "electric", "coordinates": None, "area_id": None, **words}
    for where in (str(world.unions.shipyard), None):
        found = phone_of(world.people.colleague).post("/api/v1/hazards/hints", {**asked, "enterprise_id": where})
        assert found.ok().json["items"] == []


def test_anonymous_reports_keep_their_place_in_the_list_of_ones_own(phone_of: Phones, world: World) -> None:
    phone = phone_of(world.people.worker)
    first = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard)
    hidden = report_past(phone, world.unions.shipyard, images.jpeg(2))
    last = phone.report(images.jpeg(3), enterprise_id=world.unions.shipyard)
    page, listed = phone.get("/api/v1/submissions?limit=1").ok().json, []
    while True:
        listed += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        page = phone.get(f"/api/v1/submissions?limit=1&after={page['next']}").ok().json
    assert listed == [str(last), str(hidden), str(first)]
