"""Home says what waits for one's own unions, by kind: each number leads to just as many; what levels below have in hand
stands apart and reddens nothing."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from server.core import clock
from server.core.db import Database
from server.core.slice import declared
from tests.integration.console.waiting_rows import build
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.world import Someone, World

LINK = re.compile(r'<a href="(/console/[^"]*)">[^<\d]*(\d+) ')
TILE = re.compile(r'href="([^"]+)"\s*><span class="tile-count">(\d+)</span>')

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def listed(page: str) -> int:
    """How many rows the list of a page has; two pages that are no list of the kit have a table on top."""
    if "data-row" in page:
        return page.count("<tr data-row")
    return page.partition("</table>")[0].count("<tr>") - 1 if "<table" in page else 0


@pytest.fixture
def desks(database: Database, world: World, desk_of: Callable[[Someone], Desk]) -> dict[str, Desk]:
    with database.transaction() as session:
        build(session, world, clock.now())
    people = world.people
    names = ("enterprise_reviewer", "town_reviewer", "district_reviewer", "city_reviewer")
    return {name: desk_of(getattr(people, name)) for name in names}


def test_every_number_of_home_leads_to_just_as_many(desks: dict[str, Desk]) -> None:
    kinds = {todo.path: todo.name for todo in declared().todos}
    met: set[str] = set()
    for name, desk in desks.items():
        home = unescape(desk.get("/console/").ok().text)
        places = LINK.findall(home) + [place for place in TILE.findall(home) if place[1] != "0"]
        assert places, name
        for address, number in places:
            assert listed(desk.get(address).ok().text) == int(number), (name, address)
            met.add(kinds.get(address, ""))
    assert set(kinds.values()) - met == {"quiz_signals"}, "every kind is tried here, but what takes a game to make"


def test_what_levels_below_have_in_hand_stands_apart_and_in_no_badge(
    desks: dict[str, Desk], world: World, database: Database
) -> None:
    home = unescape(desks["city_reviewer"].get("/console/").ok().text)
    below = home.partition('class="home-below"')[2].partition("</p>")[0]
    assert re.findall(r"(\d+) 条待受理<", below) == ["9"], "all but what is up to the city itself"
    assert "3 条待办" in home
    enterprise = unescape(desks["enterprise_reviewer"].get("/console/").ok().text)
    assert "其中 1 条职工反映没有整改好" in enterprise
    assert "条整改没有办结" in below
    assert "home-below" not in desks["enterprise_reviewer"].get("/console/").ok().text
    entry = home.partition('class="side-link" href="/console/rectifications"')[2].partition("</a")[0]
    assert "项等处理" not in entry, "nothing of rectification waits for the city itself"


def test_home_costs_no_more_when_more_waits(desks: dict[str, Desk], world: World, database: Database) -> None:
    desk = desks["city_reviewer"]
    desk.get("/console/").ok()
    with count_statements(database.engine) as few:
        desk.get("/console/").ok()
    with database.transaction() as session:
        insert_submissions(session, world, 150, clock.now(), routed_union_id=world.unions.city)
    with count_statements(database.engine) as many:
        page = desk.get("/console/").ok().text
    assert "99+ 条待办" in page, "counted up to a hundred, no further"
    assert len(many) == len(few) <= 75
