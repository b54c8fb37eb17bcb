"""Workers' own data, the enterprise they bind to, and what the mini program starts from."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.roles import Level
from server.unions.tree.models import Union
from tests.support.callers import Answer, Desk, Phone
from tests.support.world import Someone, World, make_union


@pytest.fixture
def newcomer(phone_of: Callable[[Someone], Phone], world: World) -> Phone:
    return phone_of(world.people.newcomer)


def test_one_sees_oneself_with_enterprise_and_place(phone: Phone, world: World) -> None:
    me = phone.get("/api/v1/me").ok().json
    assert me["name"] == "赵工"
    assert me["enterprise"] == {
        "id": str(world.unions.shipyard), "name": "蓝海船舶修造有限公司", "area": "市南区 · 八大湖街道",
        "is_small": False,
    }  # fmt: skip


def test_where_one_works_too_is_said_by_oneself_and_shown_as_that(
    phone: Phone, desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    unions, worker = world.unions, world.people.worker

    def names(answer: Answer) -> list[str]:
        return [each["id"] for each in answer.ok().json["also_at"]]

    for _ in range(2):  # the second changes nothing
        assert names(phone.put(f"/api/v1/me/workplaces/{unions.brewery}")) == [str(unions.brewery)]
    assert names(phone.put(f"/api/v1/me/workplaces/{unions.shipyard}")) == [str(unions.brewery)]  # belongs there
    for nowhere in (unions.city, unions.team, ids.new_id()):
        assert phone.put(f"/api/v1/me/workplaces/{nowhere}").status == 404
    assert "自己填的" in desk_of(world.people.city_reviewer).get(f"/console/people/{worker.id}").ok().text
    assert "也在这些单位干活" not in desk_of(world.people.town_reviewer).get(f"/console/people/{worker.id}").ok().text
    assert desk_of(world.people.other_town_reviewer).get(f"/console/people/{worker.id}").status == 404  # no scope by it
    with database.transaction() as session:
        more = [make_union(session, Level.ENTERPRISE, f"外包{n}", unions.seaside).id for n in range(5)]
    for one in more[:4]:
        phone.put(f"/api/v1/me/workplaces/{one}").ok()
    assert phone.put(f"/api/v1/me/workplaces/{more[4]}").code == "too_many_workplaces"
    phone.put("/api/v1/me/binding", {"enterprise_id": str(unions.brewery)}).ok()
    assert str(unions.brewery) not in names(phone.get("/api/v1/me"))
    for _ in range(2):
        assert str(more[0]) not in names(phone.delete(f"/api/v1/me/workplaces/{more[0]}"))


def test_name_and_phone_can_be_set_and_the_phone_comes_back_masked(phone: Phone) -> None:
    me = phone.patch("/api/v1/me", {"name": " 赵 大工 ", "phone": "13800001234"}).ok().json
    assert (me["name"], me["phone"]) == ("赵 大工", "138****1234")


def test_what_is_not_named_stays_and_what_is_emptied_goes(phone: Phone) -> None:
    phone.patch("/api/v1/me", {"phone": "13800001234"}).ok()
    assert phone.patch("/api/v1/me", {"name": None}).json["phone"] == "138****1234"
    me = phone.patch("/api/v1/me", {"phone": ""}).ok().json
    assert me["name"] is me["phone"] is None


@pytest.mark.parametrize(
    "body", [{"phone": "123"}, {"name": "\x00\u200b"}, {"enterprise_id": None}, {"name": ["甲"]}, [], "甲"]
)
def test_what_cannot_be_kept_is_refused_and_changes_nothing(phone: Phone, body: object) -> None:
    before = phone.get("/api/v1/me").json
    assert phone.patch("/api/v1/me", body).status in (400, 422)
    assert phone.get("/api/v1/me").json == before


def test_a_lone_surrogate_is_refused(phone: Phone) -> None:
    answer = phone.call(
        "PATCH", "/api/v1/me", body=b'{"name": "\\ud800"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status in (400, 422)


def test_a_newcomer_binds_by_choosing(newcomer: Phone, world: World) -> None:
    found = newcomer.get("/api/v1/enterprises?q=麦香").ok().json["items"]
    me = newcomer.put("/api/v1/me/binding", {"enterprise_id": found[0]["id"]}).ok().json
    assert me["enterprise"]["id"] == str(world.unions.bakery)


@pytest.mark.parametrize("typed", ["LANHAI01", "lanhai01", " lanh-ai01 "])
def test_a_newcomer_binds_by_invite_code_however_it_is_typed(newcomer: Phone, world: World, typed: str) -> None:
    me = newcomer.put("/api/v1/me/binding", {"invite_code": typed}).ok().json
    assert me["enterprise"]["id"] == str(world.unions.shipyard)


def test_binding_elsewhere_is_allowed_and_kept_on_record(phone: Phone, database: Database, world: World) -> None:
    phone.put("/api/v1/me/binding", {"enterprise_id": str(world.unions.brewery)}).ok()
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.bound")).one()
    assert entry.detail["previous"] == str(world.unions.shipyard)
    assert entry.detail["enterprise_id"] == str(world.unions.brewery)


def test_binding_again_to_the_same_enterprise_changes_nothing(phone: Phone, database: Database, world: World) -> None:
    phone.put("/api/v1/me/binding", {"enterprise_id": str(world.unions.shipyard)}).ok()
    with database.reading() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "person.bound")).all() == []


@pytest.mark.parametrize("level", ["city", "south", "seaside", "team"])
def test_one_binds_to_enterprises_only(newcomer: Phone, world: World, level: str) -> None:
    answer = newcomer.put("/api/v1/me/binding", {"enterprise_id": str(getattr(world.unions, level))})
    assert (answer.status, answer.code) == (404, "enterprise_not_found")


def test_an_enterprise_out_of_use_is_neither_found_nor_bound_to(
    newcomer: Phone, database: Database, world: World
) -> None:
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.bakery).values(is_active=False))
    assert newcomer.get("/api/v1/enterprises?q=麦香").json["items"] == []
    assert newcomer.put("/api/v1/me/binding", {"enterprise_id": str(world.unions.bakery)}).status == 404
    assert newcomer.put("/api/v1/me/binding", {"invite_code": "MAIXIANG"}).status == 404


def test_guessing_invite_codes_soon_takes_waiting(newcomer: Phone) -> None:
    for number in range(5):
        assert newcomer.put("/api/v1/me/binding", {"invite_code": f"GUESS{number}"}).code == "invite_code_unknown"
    answer = newcomer.put("/api/v1/me/binding", {"invite_code": "LANHAI01"})
    assert (answer.status, answer.code) == (429, "too_many_attempts")
    with time_machine.travel(clock.now() + timedelta(seconds=62)):
        newcomer.put("/api/v1/me/binding", {"invite_code": "LANHAI01"}).ok()


def test_one_guesser_does_not_shut_out_others(newcomer: Phone, phone: Phone) -> None:
    for number in range(6):
        newcomer.put("/api/v1/me/binding", {"invite_code": f"GUESS{number}"})
    phone.put("/api/v1/me/binding", {"invite_code": "MAIXIANG"}).ok()


def test_a_right_code_forgives_the_wrong_ones(newcomer: Phone) -> None:
    for _ in range(2):
        for number in range(4):
            newcomer.put("/api/v1/me/binding", {"invite_code": f"GUESS{number}"})
        newcomer.put("/api/v1/me/binding", {"invite_code": "LANHAI01"}).ok()


def test_enterprises_are_found_by_any_part_of_the_name(phone: Phone) -> None:
    items = phone.get("/api/v1/enterprises?q=食品").ok().json["items"]
    assert [(item["name"], item["area"]) for item in items] == [("麦香食品有限公司", "市南区 · 八大湖街道")]


def test_names_that_begin_with_the_words_come_first_then_the_shorter(
    phone: Phone, database: Database, world: World
) -> None:
    _add_enterprises(database, world, ["小麦香制粉有限公司", "麦香酒业集团有限公司", "麦香糖果"])
    names = [item["name"] for item in phone.get("/api/v1/enterprises?q=麦香").json["items"]]
    assert names == ["麦香糖果", "麦香食品有限公司", "麦香酒业集团有限公司", "小麦香制粉有限公司"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "100%", "*"])
def test_search_takes_signs_as_they_are(phone: Phone, words: str) -> None:
    assert phone.transport.send(
        "GET", f"/api/v1/enterprises?q={words.replace('%', '%25')}", headers={"Authorization": f"Bearer {phone.token}"}
    ).ok().json["items"] == []  # fmt: skip


@pytest.mark.parametrize("q", ["", "有限公司"])
def test_pages_join_without_gap_or_overlap(phone: Phone, database: Database, world: World, q: str) -> None:
    _add_enterprises(database, world, [f"第{number}号有限公司" for number in range(12)])
    seen: list[str] = []
    path = f"/api/v1/enterprises?limit=4&q={q}"
    page = phone.get(path).ok().json
    while True:
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        page = phone.get(f"{path}&after={page['next']}").ok().json
    assert len(seen) == len(set(seen)) == 15


@pytest.mark.parametrize("after", ["x", "bnVsbA", "W10", "WyJcdWQ4MDAiLCAiYSJd", "WzEsMl0", "é"])
def test_made_up_cursors_are_refused(phone: Phone, after: str) -> None:
    assert phone.get(f"/api/v1/enterprises?after={after}").status == 422
    assert phone.get(f"/api/v1/enterprises?q=a&after={after}").status == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=x", "q=" + "a" * 51, "other=1"])
def test_questions_out_of_bounds_are_refused(phone: Phone, query: str) -> None:
    assert phone.get(f"/api/v1/enterprises?{query}").status == 422


def test_areas_list_the_districts_with_their_towns(phone: Phone, world: World) -> None:
    items = phone.get("/api/v1/areas").ok().json["items"]
    assert [(item["name"], [town["name"] for town in item["towns"]]) for item in items] == [
        ("市南区", ["八大湖街道"]), ("市北区", ["登州路街道"]),
    ]  # fmt: skip
    assert items[0]["id"] == str(world.unions.south)


def test_the_campaign_tells_grades_categories_and_limits(phone: Phone, world: World) -> None:
    campaign = phone.get("/api/v1/campaign").ok().json
    assert campaign["id"] == str(world.campaign_id)
    assert [grade["grade"] for grade in campaign["grades"]] == [1, 2, 3, 4]
    assert campaign["categories"][0] == {"code": "fall", "name": "高处坠落", "hint": "临边、洞口、脚手架"}
    assert campaign["photos"] == {
        "max_count": 9, "max_bytes": 20 * 1024 * 1024, "max_pixels": 100_000_000,
        "video_max_bytes": 20 * 1024 * 1024, "video_max_seconds": 15,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["me", "enterprises", "areas"])
def test_nothing_is_told_to_nobody(phone_of: Callable[[None], Phone], path: str) -> None:
    assert phone_of(None).get(f"/api/v1/{path}").status == 401


def _add_enterprises(database: Database, world: World, names: list[str]) -> None:

    with database.transaction() as session:
        for name in names:
            make_union(session, Level.ENTERPRISE, name, world.unions.hillside)
