"""The city edits the campaign."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.campaigns.models import Campaign
from tests.support.callers import Desk, Phone
from tests.support.figures import count_figures
from tests.support.world import CATEGORIES, GRADES, SUGGESTION_CATEGORIES, Someone, World

Opens = Callable[[Someone], Desk]
PATH = "/console/campaigns"


def form(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "version": "1", "name": "冬季行动", "starts_on": "2026-11-01", "ends_on": "2027-03-31",
        "activities": ["hazard", "quiz"],
    }  # fmt: skip
    for grade in GRADES:
        fields |= {f"grade-{grade['grade']}-name": grade["name"], f"grade-{grade['grade']}-criteria": grade["criteria"]}
        fields |= {f"grade-{grade['grade']}-rectify_days": "20"}
    for number, category in enumerate(CATEGORIES):
        fields |= {f"category-{number}-{key}": value for key, value in category.items()}
    for number, category in enumerate(SUGGESTION_CATEGORIES):
        fields |= {f"suggestion-category-{number}-{key}": value for key, value in category.items()}
    return fields | changes


def edit(world: World, **changes: Any) -> dict[str, Any]:
    """What the page of the world's campaign posts."""
    return form(edits=str(world.campaign_id), **changes)


def test_the_settings_are_shown_and_saved_and_reach_the_phones(desk_of: Opens, phone: Phone, world: World) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert "安全隐患随手拍" in desk.get(PATH).ok().text
    extra = {"category-3-code": "dust", "category-3-name": "粉尘", "category-0-hint": "新的提示"}
    assert desk.post(PATH, edit(world, **extra)).status == 303
    campaign = phone.get("/api/v1/campaign").json
    assert (campaign["name"], campaign["activities"]) == ("冬季行动", ["hazard", "quiz"])
    assert [category["code"] for category in campaign["categories"]] == ["fall", "electric", "fire", "dust"]
    assert campaign["categories"][0]["hint"] == "新的提示"


def test_the_change_is_on_record_with_before_and_after(desk_of: Opens, database: Database, world: World) -> None:
    desk_of(world.people.admin).post(PATH, edit(world))
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.updated")).one()
    assert entry.detail["changed"]["name"] == ["安全隐患随手拍", "冬季行动"]
    assert "categories" in entry.detail["changed"] or "grades" not in entry.detail["changed"]


def test_the_second_to_save_is_told(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    desk.post(PATH, edit(world))
    answer = desk.post(PATH, edit(world, name="后改的名称"))
    assert answer.status == 409
    assert "后改的名称" in answer.text


def test_settings_that_were_opened_before_a_new_campaign_began_do_not_overwrite_it(
    desk_of: Opens, phone: Phone, world: World
) -> None:
    desk, before = desk_of(world.people.admin), phone.get("/api/v1/campaign").json["id"]
    opened = desk.get(PATH).ok().text  # in another window, and left there
    named = re.search(r'name="edits" value="([^"]*)"', opened)
    desk.post(f"{PATH}/new", form(name="新的行动") | {"replaces": before}).ok()
    edited = {"edits": named[1]} if named else {}
    for _ in range(2):  # the page that comes back with what was typed does not overwrite it either
        answer = desk.post(PATH, form(name="改了旧的") | edited)
        assert (answer.status, "已经开始了新的活动" in answer.text, "改了旧的" in answer.text) == (409, True, True)
        [again] = re.findall(r'name="edits" value="([^"]*)"', answer.text)
        edited = {"edits": again}
    assert phone.get("/api/v1/campaign").json["name"] == "新的行动"


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_on": "2026-10-01"}, {"starts_on": "tomorrow"}, {"name": ""}, {"grade-1-name": ""},
        {"activities": ["dance"]}, {"activities": ["hazard", "training"]},
        {"category-0-code": "Fall!"}, {"category-1-code": "fall"}, {"category-0-name": "\u200b\x00"},
    ],
)  # fmt: skip
def test_what_makes_no_campaign_is_refused(desk_of: Opens, phone: Phone, world: World, changes: dict[str, Any]) -> None:
    assert desk_of(world.people.admin).post(PATH, edit(world, **changes)).status == 422
    assert phone.get("/api/v1/campaign").json["name"] == "安全隐患随手拍"


def test_only_activities_that_there_are_can_be_ticked(desk_of: Opens, world: World) -> None:
    page = desk_of(world.people.admin).get(PATH).ok().text
    ticked = re.findall(r'name="activities"\s+value="(\w+)"', page)
    assert ticked == ["hazard", "suggestion", "quiz"]


def test_whether_absentees_may_be_listed_is_a_box_that_is_off_at_first(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    for fields, is_ticked in (({}, False), ({"lists_absentees": "true"}, True)):
        box = re.search(r'name="lists_absentees"[^>]*>', desk.get("/console/campaigns").ok().text)
        assert box is not None
        assert ("checked" in box[0]) is False
        version = "1" if not is_ticked else "2"
        assert desk.post("/console/campaigns", {**edit(world, version=version), **fields}).status == 303
    box = re.search(r'name="lists_absentees"[^>]*>', desk.get("/console/campaigns").ok().text)
    assert box is not None
    assert "checked" in box[0]


def test_a_category_once_given_stays(desk_of: Opens, world: World) -> None:
    answer = desk_of(world.people.admin).post(PATH, edit(world, **{"category-2-code": "", "category-2-name": ""}))
    assert answer.status == 422
    assert "不能删除" in answer.text


def test_a_new_campaign_takes_the_place_of_the_current_one(desk_of: Opens, phone: Phone, world: World) -> None:
    desk = desk_of(world.people.admin)
    before = phone.get("/api/v1/campaign").json["id"]
    assert 'value="electric"' in desk.get(f"{PATH}/new").ok().text, "its categories are those of the one before"
    fields = form(**{"category-0-code": "dust"}) | {"version": "", "replaces": before}
    assert desk.post(f"{PATH}/new", fields).status == 303
    campaign = phone.get("/api/v1/campaign").json
    assert campaign["id"] != before
    assert campaign["categories"][0]["code"] == "dust"
    phone.report(category="dust", enterprise_id=world.unions.shipyard)


def test_no_campaign_ends_unless_the_form_names_it(desk_of: Opens, phone: Phone, world: World) -> None:
    desk = desk_of(world.people.admin)
    before = phone.get("/api/v1/campaign").json["id"]
    for named in ({}, {"replaces": ""}, {"replaces": str(world.people.admin.id)}):
        answer = desk.post(f"{PATH}/new", form() | named)
        assert answer.status == 422
        assert "请勾选确认" in answer.text
        assert "冬季行动" in answer.text, "what was typed is still there"
    assert phone.get("/api/v1/campaign").json["id"] == before


def test_an_earlier_campaign_is_one_key_away_and_its_figures_stay_to_be_read(
    desk_of: Opens, phone: Phone, world: World, database: Database
) -> None:
    desk = desk_of(world.people.city_reviewer)
    phone.report(enterprise_id=world.unions.shipyard)
    before = phone.get("/api/v1/campaign").json["id"]
    desk.post(f"{PATH}/new", form() | {"replaces": before}).ok()
    page = desk.get(PATH).ok().text
    assert f'action="{PATH}/{before}/resumption"' in page  # among the earlier ones, and to undo
    assert page.count(f"{PATH}/{before}/resumption") == 2
    count_figures(database)
    figures = re.sub(r"<[^>]+>|\s", "", desk.get(f"/console/figures?campaign={before}").ok().text)
    assert "1已上报" in figures or "1上报" in figures
    for _ in range(2):
        assert desk.post(f"{PATH}/{before}/resumption", {}).status == 303
    assert phone.get("/api/v1/campaign").json["id"] == before
    with database.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign.resumed")).all()) == 1


def test_before_the_first_campaign_the_page_offers_one_with_standard_grades_and_categories(
    desk_of: Opens, phone: Phone, database: Database, world: World
) -> None:
    with database.transaction() as session:
        session.delete(session.get_one(Campaign, world.campaign_id))
    assert phone.get("/api/v1/campaign").code == "no_campaign"
    desk = desk_of(world.people.admin)
    assert desk.get(PATH).headers["Location"] == f"{PATH}/new"
    page = desk.get(f"{PATH}/new").ok().text
    assert page.count('value="fire"') == 1
    fields = form()
    fields.pop("version")
    assert desk.post(f"{PATH}/new", fields | {"ends_on": "2000-01-01"}).status == 422
    assert desk.post(f"{PATH}/new", fields).status == 303
    assert phone.get("/api/v1/campaign").json["name"] == "冬季行动"


@pytest.mark.parametrize("who", ["district_reviewer", "town_reviewer", "enterprise_reviewer"])
def test_only_the_city_edits_the_campaign(desk_of: Opens, world: World, who: str) -> None:
    desk = desk_of(getattr(world.people, who))
    assert desk.get(PATH).status == 403
    assert desk.post(PATH, form()).status == 403
