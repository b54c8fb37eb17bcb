"""Reviewers browse the tree of unions and keep it; everybody stays in their own subtree."""

import html
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import events
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.roles import Level
from server.unions.tree.events import UnionMoved
from server.unions.tree.models import Ownership, Size, Union
from tests.support.callers import Desk, InProcess, Phone
from tests.support.pages import links
from tests.support.world import Someone, World, make_union

Opens = Callable[[Someone], Desk]


def load(database: Database, union_id: UUID) -> Union:
    with database.reading() as session:
        return session.scalars(select(Union).where(Union.id == union_id)).one()


def form_of(union: Union, **changes: Any) -> dict[str, str]:
    return {
        "version": str(union.version),
        "name": union.name,
        "short_name": union.short_name,
        "headcount": "120",
        **changes,
    }


def names(desk: Desk, query: str = "") -> list[str]:
    page = desk.get(f"/console/unions{query}").ok().text
    return [link.text for link in links(page, "/console/unions/[0-9a-f-]{36}") if link.text != "资料"]


@pytest.fixture
def moves() -> Iterator[list[UnionMoved]]:
    heard: list[UnionMoved] = []

    def listen(_session: object, event: UnionMoved) -> None:
        heard.append(event)

    events.subscribe(UnionMoved, listen)
    yield heard
    events.unsubscribe(UnionMoved, listen)


def test_the_browser_starts_at_ones_own_union_and_goes_down(desk_of: Opens, world: World) -> None:
    district = desk_of(world.people.district_reviewer)
    assert names(district) == ["八大湖街道总工会"]
    assert sorted(names(district, f"?under={world.unions.seaside}")) == ["蓝海船舶修造有限公司", "麦香食品有限公司"]


def test_a_search_finds_what_lies_anywhere_below(desk_of: Opens, world: World) -> None:
    assert names(desk_of(world.people.city_reviewer), "?q=食品") == ["麦香食品有限公司"]
    assert names(desk_of(world.people.other_district_reviewer), "?q=食品") == []


def test_flags_narrow_the_list(desk_of: Opens, world: World, database: Database) -> None:
    with database.transaction() as session:
        bakery = session.get_one(Union, world.unions.bakery)
        bakery.is_chemical, bakery.ownership, bakery.size = True, Ownership.PRIVATE, Size.SMALL
    city = desk_of(world.people.city_reviewer)
    assert names(city, "?chemical=true") == names(city, "?private_small=true") == ["麦香食品有限公司"]
    assert names(city, "?high_risk=true") == []


def test_districts_stand_in_their_official_order(desk_of: Opens, world: World, database: Database) -> None:
    desk, seen = desk_of(world.people.city_reviewer), []
    for first, second in (("370202", "370211"), ("370211", "370202")):
        with database.transaction() as session:
            south, north = (session.get_one(Union, each) for each in (world.unions.south, world.unions.north))
            south.adcode, north.adcode = first, second
        seen.append(names(desk))
    assert seen[0] == seen[1][::-1] != seen[1]


def test_long_lists_come_in_pages(desk_of: Opens, world: World, database: Database) -> None:
    with database.transaction() as session:
        for number in range(60):
            make_union(session, Level.ENTERPRISE, f"第{number:02}号有限公司", world.unions.seaside)
    desk = desk_of(world.people.town_reviewer)
    first = desk.get("/console/unions").ok().text
    following = html.unescape(re.findall(r'href="([^"]+)" rel="next"', first)[0])
    seen = names(desk) + names(desk, following.removeprefix("/console/unions"))
    assert len(seen) == len(set(seen)) == 62


@pytest.mark.parametrize(("query", "status"), [("?level=nonsense", 422), ("?under=x", 422), ("?other=1", 200)])
def test_filters_that_make_no_sense_are_refused_and_foreign_ones_left_aside(
    desk_of: Opens, world: World, query: str, status: int
) -> None:
    assert desk_of(world.people.city_reviewer).get(f"/console/unions{query}").status == status


@pytest.mark.parametrize("union", ["north", "brewery", "city"])
def test_unions_outside_ones_subtree_are_not_there(desk_of: Opens, world: World, union: str) -> None:
    desk, union_id = desk_of(world.people.district_reviewer), getattr(world.unions, union)
    assert desk.get(f"/console/unions/{union_id}").status == 404
    assert desk.get(f"/console/unions?under={union_id}").status == 404
    assert desk.post(f"/console/unions/{union_id}", {"version": "1", "name": "改名"}).status == 404
    assert desk.post(f"/console/unions/{union_id}/invite-code").status == 404


def test_data_are_saved_and_the_change_is_on_record_without_its_content(
    desk_of: Opens, world: World, database: Database
) -> None:
    desk = desk_of(world.people.town_reviewer)
    before = load(database, world.unions.bakery)
    fields = form_of(
        before, name="麦香糕点有限公司", is_high_risk="true", safety_officer_phone="0532-85911234", size="small"
    )
    assert desk.post(f"/console/unions/{before.id}", fields).status == 303
    after = load(database, before.id)
    assert (after.name, after.is_high_risk, after.size, after.version) == ("麦香糕点有限公司", True, Size.SMALL, 2)
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "union.updated")).one()
    assert entry.detail["changed"] == ["is_high_risk", "name", "safety_officer_phone", "size"]
    assert "85911234" not in str(entry.detail)


def test_the_second_to_save_is_told_and_loses_nothing_typed(desk_of: Opens, world: World, database: Database) -> None:
    desk, before = desk_of(world.people.town_reviewer), load(database, world.unions.bakery)
    desk.post(f"/console/unions/{before.id}", form_of(before, name="先改的名称"))
    answer = desk.post(f"/console/unions/{before.id}", form_of(before, name="后改的名称"))
    assert answer.status == 409
    assert "后改的名称" in answer.text
    assert load(database, before.id).name == "先改的名称"


def test_two_savers_at_once_one_wins(app: Flask, world: World, database: Database) -> None:
    before = load(database, world.unions.bakery)
    desks = [Desk(InProcess(app)).sign_in(world.people.town_reviewer) for _ in range(2)]

    def save(number: int) -> int:
        return desks[number].post(f"/console/unions/{before.id}", form_of(before, name=f"名称{number}")).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, range(2))) == [303, 409]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "甲"},
        {"headcount": "-1"},
        {"headcount": "many"},
        {"size": "giant"},
        {"affiliation": "direct"},
        {"name": "\x00\u200b\u202e"},
    ],
)
def test_bad_data_come_back_with_the_fault(
    desk_of: Opens, world: World, database: Database, changes: dict[str, str]
) -> None:
    desk, before = desk_of(world.people.town_reviewer), load(database, world.unions.bakery)
    assert desk.post(f"/console/unions/{before.id}", form_of(before, **changes)).status == 422
    assert load(database, before.id).version == before.version


def test_an_enterprise_keeps_its_contacts_but_not_its_flags(desk_of: Opens, world: World, database: Database) -> None:
    desk, before = desk_of(world.people.enterprise_reviewer), load(database, world.unions.shipyard)
    fields = form_of(before, name="改名", headcount="77", is_high_risk="true", safety_officer_name="安全员甲")
    assert desk.post(f"/console/unions/{before.id}", fields).status == 303
    after = load(database, before.id)
    assert (after.name, after.headcount, after.is_high_risk, after.safety_officer_name) == (
        before.name, 77, False, "安全员甲",
    )  # fmt: skip


def test_one_does_not_edit_ones_own_level(desk_of: Opens, world: World, database: Database) -> None:
    town = load(database, world.unions.seaside)
    assert (
        desk_of(world.people.town_reviewer)
        .post(f"/console/unions/{town.id}", {"version": "1", "name": "改名街道"})
        .status
        == 403
    )


def test_the_safety_officers_number_is_shown_to_who_keeps_it_and_the_look_is_on_record(
    desk_of: Opens, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.get_one(Union, world.unions.bakery).safety_officer_phone = "13800001234"
    assert "13800001234" in desk_of(world.people.town_reviewer).get(f"/console/unions/{world.unions.bakery}").ok().text
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "union.private_viewed")).one()
    assert entry.actor_id == world.people.town_reviewer.id


def test_a_new_enterprise_takes_its_place_and_gets_an_invite_code(
    desk_of: Opens, world: World, database: Database
) -> None:
    desk = desk_of(world.people.district_reviewer)
    desk.get(f"/console/unions/new?under={world.unions.seaside}&level=enterprise").ok()
    fields = {"parent_id": str(world.unions.seaside), "level": "enterprise", "name": "新开的公司"}
    made = desk.post("/console/unions/new", fields)
    assert made.status == 303
    union = load(database, UUID(made.headers["Location"].rsplit("/", 1)[1]))
    assert (union.city_id, union.district_id, union.town_id, union.enterprise_id) == (
        world.unions.city, world.unions.south, world.unions.seaside, union.id,
    )  # fmt: skip
    assert union.invite_code is not None
    assert desk.post("/console/unions/new", fields).status == 409


@pytest.mark.parametrize(
    ("who", "parent", "level", "status"),
    [
        ("district_reviewer", "hillside", "enterprise", 404),
        ("district_reviewer", "south", "enterprise", 303),
        ("district_reviewer", "shipyard", "enterprise", 422),
        ("town_reviewer", "seaside", "town", 422),
        ("city_reviewer", "city", "district", 303),
        ("enterprise_reviewer", "shipyard", "team", 403),
    ],
)
def test_unions_are_made_below_ones_own_at_fitting_levels(
    desk_of: Opens, world: World, who: str, parent: str, level: str, status: int
) -> None:
    fields = {"parent_id": str(getattr(world.unions, parent)), "level": level, "name": "新的工会"}
    assert desk_of(getattr(world.people, who)).post("/console/unions/new", fields).status == status


def test_moving_a_town_takes_everything_below_along_and_is_announced(
    desk_of: Opens, world: World, database: Database, moves: list[UnionMoved]
) -> None:
    town = load(database, world.unions.seaside)
    fields = {"version": str(town.version), "parent_id": str(world.unions.north)}
    assert desk_of(world.people.admin).post(f"/console/unions/{town.id}/move", fields).status == 303
    for union in (world.unions.seaside, world.unions.shipyard, world.unions.bakery, world.unions.team):
        assert load(database, union).district_id == world.unions.north
    assert load(database, world.unions.team).enterprise_id == world.unions.shipyard
    assert load(database, world.unions.brewery).town_id == world.unions.hillside
    assert [event.union_id for event in moves] == [town.id]


def test_moving_an_enterprise_changes_whose_it_is(desk_of: Opens, world: World, database: Database) -> None:
    fields = {"version": "1", "parent_id": str(world.unions.hillside)}
    assert desk_of(world.people.admin).post(f"/console/unions/{world.unions.shipyard}/move", fields).status == 303
    assert names(desk_of(world.people.town_reviewer)) == ["麦香食品有限公司"]
    assert "蓝海船舶修造有限公司" in names(desk_of(world.people.other_town_reviewer))


@pytest.mark.parametrize(("parent", "status"), [("city", 422), ("bakery", 422), ("seaside", 303)])
def test_a_move_needs_a_fitting_parent(desk_of: Opens, world: World, parent: str, status: int) -> None:
    fields = {"version": "1", "parent_id": str(getattr(world.unions, parent))}
    assert desk_of(world.people.admin).post(f"/console/unions/{world.unions.shipyard}/move", fields).status == status


def test_only_administrators_move_unions(desk_of: Opens, world: World) -> None:
    fields = {"version": "1", "parent_id": str(world.unions.hillside)}
    assert (
        desk_of(world.people.city_reviewer).post(f"/console/unions/{world.unions.shipyard}/move", fields).status == 403
    )


def test_a_new_invite_code_kills_the_old_one(
    desk_of: Opens, phone_of: Callable[[Someone], Phone], world: World, database: Database
) -> None:
    desk_of(world.people.enterprise_reviewer).post(f"/console/unions/{world.unions.shipyard}/invite-code")
    code = load(database, world.unions.shipyard).invite_code
    newcomer = phone_of(world.people.newcomer)
    assert newcomer.put("/api/v1/me/binding", {"invite_code": "LANHAI01"}).status == 404
    newcomer.put("/api/v1/me/binding", {"invite_code": code}).ok()


def test_a_union_out_of_use_leaves_its_reviewers_without_their_role(desk_of: Opens, world: World) -> None:
    reviewer = desk_of(world.people.enterprise_reviewer)
    town = desk_of(world.people.town_reviewer)
    path = f"/console/unions/{world.unions.shipyard}/active"
    assert town.post(path, {"version": "1", "active": "false"}).status == 303
    assert reviewer.get("/console/unions").status == 403
    assert town.post(path, {"version": "2", "active": "true"}).status == 303
    reviewer.get("/console/unions").ok()
