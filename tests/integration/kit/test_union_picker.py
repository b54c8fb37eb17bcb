"""Choosing a union by typing: within one's scope, by any part of the name, one statement, never cut silently; in forms
by a button too, where there is no JavaScript."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from server.core.db import Database
from server.core.slice import declared
from server.unions.roles import Level
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.lists import open_lists
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
    assert names(city, "市南&levels=district,town") == ["市南区总工会"]


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


@dataclass(frozen=True)
class FormOfUnion:
    """A form that asks for a union: who sees it where, what is typed beside, and what makes it be refused."""

    who: str
    page: str
    action: str
    name: str
    level: Level
    typed: dict[str, str]
    wrong: dict[str, str]


FORMS = (
    FormOfUnion(
        "town_reviewer", "/console/letters/new", "/console/letters", "addressee_id", Level.ENTERPRISE,
        {"kind": "notice", "subject": "自己写的标题", "body": "一、配电箱敞开。", "mark": "海工", "reply_days": "10"},
        {"addressee_name": ""},
    ),
    FormOfUnion(
        "district_reviewer", "/console/people/new?role=enterprise_reviewer", "/console/people/new", "union_id",
        Level.ENTERPRISE, {"role": "enterprise_reviewer", "name": "自己写的姓名"}, {"username": ""},
    ),
    FormOfUnion(
        "district_reviewer", "/console/people/{person}?role=town_reviewer", "/console/people/{person}/roles",
        "union_id", Level.TOWN, {"role": "town_reviewer"}, {"role": "enterprise_reviewer"},
    ),
    FormOfUnion(
        "admin", "/console/unions/{union}", "/console/unions/{union}/move", "parent_id", Level.TOWN, {},
        {"version": "99"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.action)
def test_a_form_finds_one_of_many_unions_by_name_and_keeps_the_choice_when_it_is_refused(
    world: World, desk_of: DeskOf, database: Database, form: FormOfUnion
) -> None:
    wanted = many_unions(database, world, form.level)
    places = {"person": world.people.worker.id, "union": world.unions.shipyard}
    page, action = form.page.format(**places), form.action.format(**places)
    desk = desk_of(getattr(world.people, form.who))
    assert "还有更多" in desk.get(page).ok().text
    found = desk.post(action, {**form.typed, "find_union": "1", "union_q": "第29号"})
    assert found.status == 200
    assert wanted in {value for value, _ in options(found.text, form.name)}
    assert all(text in found.text for text in form.typed.values())
    refused = desk.post(action, {**form.typed, form.name: wanted, **form.wrong})
    assert refused.status in (409, 422)
    assert [value for value, is_chosen in options(refused.text, form.name) if is_chosen] == [wanted]


@pytest.mark.slow("opens every list")
def test_without_javascript_every_row_of_filters_finds_one_of_many_unions_by_name(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    wanted = many_unions(database, world, Level.ENTERPRISE)
    places = open_lists(database, world)
    desks = [desk_of(who) for who in (world.people.city_reviewer, world.people.admin)]
    lists = [places.path(each, status="") for each in declared().lists if "union" not in each.lacks]
    for path in (*lists, "/console/figures?span="):
        desk, answer = next((desk, answer) for desk in desks if (answer := desk.get(path)).status == 200)
        assert wanted not in {value for value, _ in options(answer.text, "union")}
        page = desk.get(f"{path}&union_q=第29号&union={wanted}").ok().text
        assert re.search(r'<noscript\s*><input[^>]*name="union_q"\s+value="第29号"', page), path
        assert (wanted, True) in options(page, "union"), path
    for path in ("/console/rectifications?status=", "/console/figures?span="):  # the words are those of one macro
        assert "还有更多，请按名称查找" in desks[0].get(f"{path}&union_q=单位").ok().text
        assert "没有找到“无此单位”" in desks[0].get(f"{path}&union_q=无此单位").ok().text


def test_without_javascript_too_unions_are_found_in_ones_own_subtrees_alone(
    world: World, desk_of: DeskOf, database: Database
) -> None:
    many_unions(database, world, Level.ENTERPRISE)
    page = desk_of(world.people.other_district_reviewer).get("/console/rectifications?union_q=第29号").ok().text
    assert "没有找到“第29号”" in page


def many_unions(database: Database, world: World, level: Level) -> str:
    """More of a level than a form offers unasked; gives the id of the last by name."""
    above = world.unions.seaside if level is Level.ENTERPRISE else world.unions.south
    with database.transaction() as session:
        made = [make_union(session, level, f"新的第{number:02}号单位", above) for number in range(30)]
        return str(made[-1].id)


def options(page: str, name: str) -> list[tuple[str, bool]]:
    """Value of each option of a select, and whether it is chosen."""
    select = re.search(rf'<select[^>]*\bname="{name}"[^>]*\bdata-union-picker.*?</select>', page, re.DOTALL)
    assert select is not None
    found = re.findall(r'<option\s+value="([^"]*)"([^>]*)>', select[0])
    return [(value, "selected" in rest) for value, rest in found]
