"""A campaign ends, is put away, and comes back; what was sent to it is dealt with all the while."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.rewards.points.rules import CODE_TEXTS
from server.unions.campaigns.choosing.choice import forget_choices
from server.unions.campaigns.models import Campaign
from server.unions.campaigns.queries import forget_campaigns
from server.unions.roles import Level
from tests.integration.unions.test_campaign_page import PATH, edit, form
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.images import jpeg
from tests.support.world import Someone, World, make_campaign, make_union

Opens = Callable[[Someone], Desk]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def put_away(desk: Desk, campaign: object, *, back: bool = False) -> Answer:
    return desk.post(f"{PATH}/{campaign}/{'unarchive' if back else 'archive'}", form=PATH)


def end(database: Database, world: World) -> None:
    with database.transaction() as session:
        session.execute(update(Campaign).where(Campaign.id == world.campaign_id).values(ends_on=date(2026, 1, 2)))
    forget_campaigns()
    forget_choices()


def suggestion(world: World) -> dict[str, object]:
    return {
        "category": "s_equipment", "title": "加装护栏", "present_state": "", "benefit": "",
        "proposal": "在洞口加装护栏",
        "enterprise_id": str(world.unions.shipyard), "may_publish": False, "co_authors": [], "photos": [],
    }  # fmt: skip


@pytest.mark.parametrize("how", ["ended", "archived"])
def test_nothing_new_is_taken_and_the_phone_is_told_why(
    desk_of: Opens, phone: Phone, world: World, database: Database, how: str
) -> None:
    assert phone.get("/api/v1/campaign").json["is_open"] is True
    if how == "ended":
        end(database, world)
    else:
        put_away(desk_of(world.people.admin), world.campaign_id).ok()
    assert phone.get("/api/v1/campaign").json["is_open"] is False
    for answer in (
        phone.declare(ids.new_id(), hazard((jpeg(),), enterprise_id=world.unions.shipyard)),
        phone.put(f"/api/v1/suggestions/{ids.new_id()}", suggestion(world)),
    ):
        assert (answer.status, answer.code) == (409, "campaign_ended")
        assert "已经结束，现在不能提交" in answer.json["error"]["message"]


def test_what_was_sent_before_is_known_again_gets_its_photos_and_its_decision(
    desk_of: Opens, phone: Phone, world: World
) -> None:
    photo, hazard_id = jpeg(), ids.new_id()
    body = hazard((photo,), enterprise_id=world.unions.shipyard, description="归档前报的")
    assert phone.declare(hazard_id, body).status == 201
    put_away(desk_of(world.people.admin), world.campaign_id).ok()
    assert phone.declare(hazard_id, body).status == 200
    phone.upload(hazard_id, photo).ok()
    assert "归档前报的" in desk_of(world.people.town_reviewer).get("/console/queue").ok().text


def test_somebody_elses_number_opens_no_way_in(
    desk_of: Opens, phone: Phone, phone_of: Callable[[Someone], Phone], world: World
) -> None:
    body, hazard_id = hazard((jpeg(),), enterprise_id=world.unions.shipyard), ids.new_id()
    phone.declare(hazard_id, body).ok()
    put_away(desk_of(world.people.admin), world.campaign_id).ok()
    assert phone_of(world.people.colleague).declare(hazard_id, body).code == "campaign_ended"


def test_the_last_day_is_a_day_of_the_campaign(phone: Phone, world: World, database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Campaign).values(ends_on=clock.day_of(clock.now())))
    forget_campaigns()
    phone.report(enterprise_id=world.unions.shipyard)


def test_reviewers_are_told_on_every_page(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.town_reviewer)
    assert "不收新的" not in desk.get("/console/queue").ok().text
    end(database, world)
    assert "已结束，不收新的" in re.sub(r"\s", "", desk_of(world.people.town_reviewer).get("/console/queue").ok().text)
    assert "职工不能再提交新的内容" in desk.get("/console/").ok().text


def test_an_archived_campaign_can_be_read_and_not_changed_until_it_is_taken_out_again(
    desk_of: Opens, phone: Phone, world: World, database: Database
) -> None:
    desk = desk_of(world.people.city_reviewer)
    phone.report(enterprise_id=world.unions.shipyard, description="留着的")
    put_away(desk, world.campaign_id).ok()
    page = desk.get(PATH).ok().text
    assert "<fieldset disabled" in re.sub(r"\s+", " ", page)
    answer = desk.post(PATH, edit(world, version="2"))
    assert (answer.status, "已经归档，设置不能再改" in answer.text) == (409, True)
    assert desk.post("/console/points/rules", dict.fromkeys(CODE_TEXTS, "9"), form=PATH).status == 409
    for path in (
        f"/console/queue?status=all&campaign={world.campaign_id}",
        f"/console/queue/ledger.xlsx?campaign={world.campaign_id}",
    ):
        desk.get(path).ok()
    assert "留着的" in desk.get(f"/console/queue?campaign={world.campaign_id}").text
    put_away(desk, world.campaign_id, back=True).ok()
    phone.report(enterprise_id=world.unions.shipyard)
    assert desk.post(PATH, edit(world, version="3")).status == 303
    with database.reading() as session:
        done = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.startswith("campaign.")).order_by(AuditEntry.id)
        )
        assert list(done) == ["campaign.archived", "campaign.unarchived", "campaign.updated"]


def test_doing_it_twice_changes_nothing(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.admin)
    for _ in range(2):
        put_away(desk, world.campaign_id).ok()
    with database.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.archived")).all()) == 1


def test_an_archived_campaign_does_not_become_the_current_one(desk_of: Opens, phone: Phone, world: World) -> None:
    desk = desk_of(world.people.admin)
    desk.post(f"{PATH}/new", form() | {"replaces": str(world.campaign_id)}).ok()
    put_away(desk, world.campaign_id).ok()
    assert desk.post(f"{PATH}/{world.campaign_id}/resumption", form=PATH).status == 409
    assert phone.get("/api/v1/campaign").json["name"] == "冬季行动"


@pytest.mark.parametrize("which", ["unknown", "another city's"])
@pytest.mark.parametrize("move", ["archive", "unarchive", "resumption"])
def test_a_campaign_that_is_none_of_ones_own_is_left_alone(
    desk_of: Opens, world: World, database: Database, which: str, move: str
) -> None:
    campaign_id: UUID = ids.new_id()
    if which != "unknown":
        with database.transaction() as session:
            city = make_union(session, Level.CITY, "别市总工会", None).id
            campaign_id = make_campaign(session, city, is_current=False).id
    assert desk_of(world.people.admin).post(f"{PATH}/{campaign_id}/{move}", form=PATH).status == 404


def test_districts_archive_nothing(desk_of: Opens, world: World) -> None:
    answer = desk_of(world.people.district_reviewer).post(f"{PATH}/{world.campaign_id}/archive", form="/console/")
    assert answer.status == 403
