"""Choosing a union by typing: within one's scope, by any part of the name, one statement, never cut silently."""

from collections.abc import Callable
from typing import Any

from server.core.db import Database
from server.unions.roles import Level
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.world import Someone, World, make_union

DeskOf = Callable[[Someone], Desk]
PATH = "/console/union-choices"


def found(desk: Desk, q: str) -> Any:
    return desk.get(f"{PATH}?q={q}").ok().json


def names(desk: Desk, q: str) -> list[str]:
    return [item["name"] for item in found(desk, q)["items"]]


def test_a_part_of_the_name_finds_unions_down_to_the_enterprise_and_where_they_stand(
    world: World, desk_of: DeskOf
) -> None:
    city = desk_of(world.people.city_reviewer)
    assert names(city, "食品") == ["麦香食品有限公司"]
    assert found(city, "麦香 有限")["items"][0]["area"] == "市南区 · 八大湖街道"
    assert names(city, "") == names(city, "无此单位") == []
    assert names(city, "%") == []


def test_the_search_reaches_no_further_than_ones_own_subtrees(world: World, desk_of: DeskOf, phone: Phone) -> None:
    assert names(desk_of(world.people.other_district_reviewer), "食品") == []
    assert names(desk_of(world.people.enterprise_reviewer), "有限公司") == ["蓝海船舶修造有限公司"]
    assert phone.get(PATH).status in (302, 303, 401, 403)


def test_what_begins_with_the_words_comes_first_and_higher_unions_before_lower(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    with database.transaction() as session:
        make_union(session, Level.ENTERPRISE, "市南纺织有限公司", world.unions.seaside)
        make_union(session, Level.ENTERPRISE, "青岛市南电机厂", world.unions.seaside)
        make_union(session, Level.ENTERPRISE, "市南停用厂", world.unions.seaside, is_active=False)
    assert names(desk_of(world.people.city_reviewer), "市南") == ["市南区总工会", "市南纺织有限公司", "青岛市南电机厂"]


def test_more_hits_than_are_shown_are_said_and_a_key_costs_as_many_statements(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    desk = desk_of(world.people.city_reviewer)
    found(desk, "有限")
    with count_statements(database.engine) as few:
        found(desk, "有限")
    with count_statements(database.engine) as none:
        found(desk, "")
    with database.transaction() as session:
        for number in range(30):
            make_union(session, Level.ENTERPRISE, f"第{number:02}号有限公司", world.unions.seaside)
    with count_statements(database.engine) as many:
        answer = found(desk, "号有限")
    assert (len(answer["items"]), answer["more"]) == (20, True)
    assert len(many) == len(few) == len(none) + 1
