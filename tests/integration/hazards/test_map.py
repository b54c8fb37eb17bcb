"""The map of hazards: those of the list's filters, within the scope of whoever looks, put together by places."""

from collections.abc import Callable

import pytest
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import text

from server.activities.hazards.maps.places import MapFilter, near_places
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.unions.policies.jobs import follow_settings
from tests.integration.review.test_review_plans import plan
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


def test_a_few_streets_are_read_off_the_index_band_by_band(
    two_places: None, desk_of: DeskOf, world: World, database: Database
) -> None:
    streets = MapFilter(west=120.3, east=120.39, south=36.06, north=36.08)
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL enable_seqscan = off"))  # which is right among three rows
        found = plan(session, near_places(streets))
    on_sqlite = "COVERING INDEX ix_hazards_place (<expr>=? AND longitude>? AND longitude<?)" in found
    assert on_sqlite or ("using ix_hazards_place" in found and "Index Cond: (((round(" in found), found


def test_a_part_of_the_map_has_the_same_places_however_many_bands_it_has(
    two_places: None, desk_of: DeskOf, world: World
) -> None:
    town = desk_of(world.people.town_reviewer)
    for south, north in ((36.06, 36.07), (36.0, 36.0564), (35.1, 37.0), (30.0, 40.0)):
        found = places(town, f"?west=120.38&south={south}&east=120.39&north={north}")
        assert sum(count for count, _ in found) == (3 if north > 36.2 else 2), (south, north)
    assert sum(count for count, _ in places(town, "?south=36.1")) == 1
    assert places(town, "?south=36.3") == places(town, "?south=37&north=36") == []


TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
there_are_tiles = pytest.mark.settings(map_tiles_url=TILES, map_tiles_name="某某地图", map_tiles_credit="© 某某 <b>")


@there_are_tiles
def test_pages_may_fetch_tiles_from_the_host_that_was_set_and_from_no_other(desk_of: DeskOf, world: World) -> None:
    policy = desk_of(world.people.town_reviewer).get("/console/map").ok().headers["Content-Security-Policy"]
    directives = {name: sources for name, *sources in (each.split() for each in policy.split("; "))}
    assert [name for name, sources in directives.items() if "https://tiles.example.org" in sources] == ["img-src"]
    assert [each for each in directives["img-src"] if each.startswith("https:")] == ["https://tiles.example.org"]


@there_are_tiles
def test_a_point_is_shown_on_a_map_once_the_policy_says_who_sees_where_one_looks(
    app: Flask, database: Database, phone: Phone, desk_of: DeskOf, world: World
) -> None:
    item = phone.report(images.jpeg(1), enterprise_id=world.unions.shipyard, coordinates=at(36.0662, 120.3826))
    address = f"/console/submissions/{item}"
    page = desk_of(world.people.town_reviewer).get(address).ok().text
    assert "36.06620, 120.38260" in page
    assert links(page, r"/console/map\?status=all&q=2026-.*")
    assert phone.get("/api/v1/privacy").json["map"] is None
    assert "tiles.example.org" not in page + desk_of(world.people.town_reviewer).get("/console/map").ok().text

    follow_settings(JobContext(database.settings, database, app.extensions["object_store"]))
    assert phone.get("/api/v1/privacy").json["map"] == {
        "tiles": TILES, "datum": "gcj02", "provider": "某某地图", "credit": "© 某某 <b>",
    }  # fmt: skip
    [line] = [
        each
        for part in phone.get("/api/v1/privacy/policy").json["sections"]
        for each in part["lines"]
        if "某某地图" in each
    ]
    assert "不给它你的姓名" in line
    page = desk_of(world.people.town_reviewer).get(address).ok().text
    assert 'data-box="120.3826,36.0662,120.3826,36.0662"' in page
    assert f'data-tiles="{TILES}"' in page
    assert 'data-accuracy="20.0"' in page


@pytest.mark.settings(
    map_tiles_url="https://ssp.example.org/tiles/{z}/{x}/{y}.png", public_url="https://ssp.example.org"
)
def test_tiles_of_ones_own_go_to_nobody_else(phone: Phone) -> None:
    assert phone.get("/api/v1/privacy").json["map"]["provider"] == ""


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("", True),
        (TILES, True),
        ("https://tiles.example.org:8443/w?T=vec&l={z}&x={x}&y={y}", True),
        ("http://127.0.0.1:8080/{z}/{x}/{y}", True),
        ("http://tiles.example.org/{z}/{x}/{y}", False),
        ("https://{s}.example.org/{z}/{x}/{y}", False),
        ("https://tiles.example.org/{z}/{x}/{y}/{key}", False),
        ("https://tiles.example.org/{z}/{x}", False),
        ("https://tiles.example.org;script-src *;/{z}/{x}/{y}", False),
        ("https://who:word@tiles.example.org/{z}/{x}/{y}", False),
        ("https:///{z}/{x}/{y}", False),
        ("//tiles.example.org/{z}/{x}/{y}", False),
    ],
)
@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_an_address_of_tiles_names_one_host_and_a_place_on_the_map(
    settings: Settings, url: str, is_taken: bool
) -> None:
    try:
        assert Settings(secret_key=settings.secret_key, map_tiles_url=url).map_tiles_url == url
    except ValidationError:
        assert not is_taken
    else:
        assert is_taken
