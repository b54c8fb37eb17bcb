"""Which union answers for a place that is only described in words."""

from uuid import UUID

import pytest

from server.unions.tree.lookup.places import Area, match_place, shorten

SOUTH, NORTH = UUID(int=1), UUID(int=2)
SEA, HILL, RIVER, TWIN_SOUTH, TWIN_NORTH = (UUID(int=number) for number in range(11, 16))
AREAS = [
    Area(SOUTH, "市南区"),
    Area(NORTH, "市北区"),
    Area(SEA, "八大湖街道", SOUTH),
    Area(HILL, "即墨路街道", NORTH),
    Area(RIVER, "李哥庄镇", NORTH),
    Area(TWIN_SOUTH, "河西街道", SOUTH),
    Area(TWIN_NORTH, "河西街道", NORTH),
]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("市南区八大湖街道某工地", SEA),
        ("市南区八大湖某工地", SEA),
        ("八大湖街道路口", SEA),
        ("李哥庄镇东头", RIVER),
        ("市北区李哥庄", RIVER),
        ("市南区某工地", SOUTH),
    ],
)
def test_the_town_named_answers_else_the_district_named(place: str, expected: UUID) -> None:
    assert match_place(place, AREAS) == expected


def test_a_short_town_name_away_from_its_district_means_nothing() -> None:
    assert match_place("地铁即墨路站", AREAS) is None
    assert match_place("市南区即墨路", AREAS) == SOUTH


def test_a_name_that_two_towns_share_is_decided_by_the_district_or_not_at_all() -> None:
    assert match_place("河西街道", AREAS) is None
    assert match_place("市北区河西街道", AREAS) == TWIN_NORTH


def test_a_place_in_two_districts_is_left_open() -> None:
    assert match_place("市南区和市北区交界", AREAS) is None


def test_nothing_named_means_nobody() -> None:
    assert match_place("三号车间东门", AREAS) is None
    assert match_place("", AREAS) is None


def test_endings_are_dropped_once() -> None:
    assert shorten("惜福镇街道") == "惜福镇"
    assert shorten("李哥庄镇") == "李哥庄"
    assert shorten("其他") == "其他"
