"""The map of hazards: those of the list's filters, within the scope of whoever looks, put together by places."""

from collections.abc import Callable

import pytest

from server.core.db import Database
from tests.support import images
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.pages import links
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]


def at(latitude: float, longitude: float) -> dict[str, object]:
    return {"latitude": latitude, "longitude": longitude, "datum": "gcj02", "accuracy": 20.0}


@pytest.fixture
def two_places(phone: Phone, world: World) -> None:
    """Two hazards at one place of the shipyard, one far from them."""
    for seed, (latitude, description) in enumerate(((36.0662, "甲"), (36.0663, "乙"), (36.2, "远处的一条"))):
        phone.report(
            images.jpeg(seed + 1), enterprise_id=world.unions.shipyard, description=description,
            coordinates=at(latitude, 120.3826),
        )  # fmt: skip


def places(desk: Desk, query: str = "") -> list[tuple[int, str]]:
    answer = desk.get(f"/console/map/places{query}").ok().json
    return sorted((each["count"], each["text"]) for each in answer["places"])


def test_hazards_close_together_are_one_mark_and_a_closer_look_takes_them_apart(
    two_places: None, desk_of: DeskOf, world: World
) -> None:
    town = desk_of(world.people.town_reviewer)
    assert places(town) == [(1, "远处的一条"), (2, "2 条")]
    assert "2 条" in town.get("/console/map").ok().text
    near = "?west=120.3820&south=36.0660&east=120.3832&north=36.0665"
    assert places(town, near) == [(1, "乙"), (1, "甲")]


def test_the_map_shows_what_the_list_shows_to_the_same_reviewer(
    two_places: None, desk_of: DeskOf, world: World
) -> None:
    assert places(desk_of(world.people.other_town_reviewer)) == []
    town = desk_of(world.people.town_reviewer)
    assert places(town, "?status=accepted") == []
    assert [count for count, _ in places(town, f"?union={world.unions.shipyard}")] == [1, 2]
    assert town.get(f"/console/map?union={world.unions.brewery}").status == 404
    assert town.get("/console/map/places?west=abc").status == 422


def test_the_map_asks_two_statements_whatever_the_number_of_hazards(
    two_places: None, phone: Phone, desk_of: DeskOf, world: World, database: Database
) -> None:
    town, asked = desk_of(world.people.town_reviewer), []
    for _ in range(2):
        places(town)
        with count_statements(database.engine) as counted:
            places(town)
        asked.append([each for each in counted if "hazards" in each])
        phone.report(images.jpeg(9), enterprise_id=world.unions.shipyard, coordinates=at(36.1, 120.4))
    assert [len(each) for each in asked] == [2, 2]  # how many lie there, and which


@pytest.mark.settings(map_tiles_url="https://tiles.example.org/{z}/{x}/{y}.png")
def test_pages_may_fetch_tiles_from_the_host_that_was_set_and_from_no_other(desk_of: DeskOf, world: World) -> None:
    policy = desk_of(world.people.town_reviewer).get("/console/map").ok().headers["Content-Security-Policy"]
    [pictures] = [each for each in policy.split("; ") if each.startswith("img-src")]
    assert [each for each in pictures.split() if each.startswith("https:")] == ["https://tiles.example.org"]


@pytest.mark.settings(map_tiles_url="https://tiles.example.org/{z}/{x}/{y}.png")
def test_the_point_of_a_hazard_stands_on_its_page_as_words_and_on_a_map(
    phone: Phone, desk_of: DeskOf, world: World
) -> None:
    item = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard, coordinates=at(36.0662, 120.3826))
    page = desk_of(world.people.town_reviewer).get(f"/console/submissions/{item}").ok().text
    assert "36.06620, 120.38260" in page
    assert 'data-box="120.3826,36.0662,120.3826,36.0662"' in page
    assert links(page, r"/console/map\?status=all&q=2026-.*")
