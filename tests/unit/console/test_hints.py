"""What a photo's own data tells a reviewer to look at twice."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from server.console.display.hints import photo_hints
from server.core.geodesy import metres_apart, to_gcj02

REPORTED_AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SQUARE = (36.0616, 120.3827)  # a square in Qingdao, WGS-84


@dataclass(frozen=True)
class Photo:
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Point:
    latitude: float
    longitude: float
    datum: str
    accuracy: float | None = None


@pytest.mark.parametrize("gone", [timedelta(0), timedelta(hours=23), timedelta(hours=-2)])
def test_a_photo_taken_about_when_it_was_reported_gives_no_hint(gone: timedelta) -> None:
    assert photo_hints(Photo(taken_at=REPORTED_AT - gone), REPORTED_AT, None) == []


def test_an_old_photo_is_pointed_out_with_its_age() -> None:
    (hint,) = photo_hints(Photo(taken_at=REPORTED_AT - timedelta(days=12, hours=3)), REPORTED_AT, None)
    assert "12 天" in hint


def test_a_photo_from_the_future_is_put_down_to_the_clock() -> None:
    (hint,) = photo_hints(Photo(taken_at=REPORTED_AT + timedelta(days=2)), REPORTED_AT, None)
    assert "手机时间" in hint


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_the_same_place_in_either_datum_gives_no_hint(datum: str) -> None:
    latitude, longitude = to_gcj02(*SQUARE) if datum == "gcj02" else SQUARE
    assert photo_hints(Photo(None, *SQUARE), REPORTED_AT, Point(latitude, longitude, datum)) == []


def test_a_photo_from_elsewhere_is_pointed_out_with_its_distance() -> None:
    (hint,) = photo_hints(Photo(None, 36.10, 120.47), REPORTED_AT, Point(*SQUARE, "wgs84", 30))
    assert "8.9 公里" in hint


def test_the_shift_of_chinese_maps_is_some_hundred_metres_here() -> None:
    assert 300 < metres_apart(SQUARE, to_gcj02(*SQUARE)) < 800


def test_distances_are_true() -> None:
    assert metres_apart((0.0, 0.0), (0.0, 1.0)) == pytest.approx(111_195, rel=1e-4)
