"""Templates of inspections: what they ask, that they say what is uncertain, and that a union makes them its own."""

import re
from collections.abc import Callable

import pytest

from tests.support.callers import Desk
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
COPY = "/console/inspections/templates/winter_heating_gas/copy"


def test_a_union_makes_the_template_its_own_and_edits_what_is_uncertain(
    desk_of: Callable[[Someone], Desk], world: World
) -> None:
    town = desk_of(world.people.town_reviewer)
    shown = town.get("/console/inspections/templates/winter_heating_gas").ok().text
    assert "条款不确定，请核对" in shown
    made = town.post(COPY, {"union": str(world.unions.seaside)}, form="/console/inspections")
    assert made.status == 303
    page = town.get(made.headers["Location"]).ok().text
    assert "只问有燃煤锅炉、其他锅炉的企业" in page
    field = town.get(f"{made.headers['Location']}/fields/a3").ok().text
    assert "TSG 11-2020（条款不确定，请核对）" in field
    version = re.search(r'name="version" value="(\d+)"', field)
    assert version is not None
    posted = {
        "version": version[1], "section": "boiler", "kind": "check", "key": "a3", "label": "检验周期",
        "basis": "TSG 11-2020 第8.1条", "grade": "2", "required": "1",
    }  # fmt: skip
    assert town.post(f"{made.headers['Location']}/fields", posted).status == 303
    again = town.get(f"{made.headers['Location']}/fields/a3").ok().text
    assert "TSG 11-2020 第8.1条" in again
    assert re.search(r'value="2"\s+selected', again)


def test_an_enterprise_reads_templates_but_makes_no_inspections_of_them(
    desk_of: Callable[[Someone], Desk], world: World
) -> None:
    enterprise = desk_of(world.people.enterprise_reviewer)
    assert "复制成我的表单" not in enterprise.get("/console/inspections").ok().text
    assert enterprise.post(COPY, {"union": str(world.unions.shipyard)}, form="/console/").status == 403


def test_nobody_makes_a_form_for_another_union_or_of_no_template(
    desk_of: Callable[[Someone], Desk], world: World
) -> None:
    town = desk_of(world.people.town_reviewer)
    assert town.post(COPY, {"union": str(world.unions.hillside)}, form="/console/").status == 403
    assert town.post(COPY, {"union": "x"}, form="/console/").status == 422
    assert town.get("/console/inspections/templates/nothing").status == 404


def test_a_new_inspection_is_for_enterprises_and_its_draft_stands_below_its_own_entry(
    desk_of: Callable[[Someone], Desk], world: World
) -> None:
    city = desk_of(world.people.city_reviewer)
    for kind, level in (("inspection", "enterprise"), ("notice", "district")):
        page = city.get(f"/console/assignments/new?kind={kind}").ok().text
        chosen = [
            box for box in re.findall(r"<input[^>]*name=\"levels\"[^>]*>", page) if re.search(r"\schecked\b", box)
        ]
        assert [re.findall(r'value="(\w+)"', box) for box in chosen] == [[level]]
        [current] = re.findall(r'<a class="side-link" href="([^"]+)"\s+aria-current="page"', page)
        assert current == f"/console/{kind}s"
