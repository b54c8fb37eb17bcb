"""What a photo's own data says against the report: taken long before, or far away. Hints, never verdicts."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

OLD = timedelta(hours=24)
FAR = 1000  # metres: above what a phone's guess indoors is usually off by

EARTH = 6_371_000.0  # metres
_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006693421622965943  # of the ellipsoid that GCJ-02 is defined on


class Photo(Protocol):
    """What is needed of a photo: EXIF time and place (WGS-84)."""

    @property
    def taken_at(self) -> datetime | None: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


class Point(Protocol):
    """A point in degrees; `datum` is wgs84 or gcj02; `accuracy` in metres."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def datum(self) -> str: ...
    @property
    def accuracy(self) -> float | None: ...


def photo_hints(photo: Photo, reported_at: datetime, reported_from: Point | None) -> list[str]:
    """What to look at twice, in words."""
    return [*_time_hints(photo, reported_at), *_place_hints(photo, reported_from)]


def _time_hints(photo: Photo, reported_at: datetime) -> Iterator[str]:
    if photo.taken_at is None:
        return
    before = reported_at - photo.taken_at
    if before > OLD:
        yield f"照片是上报前 {before.days} 天拍的，请核对现在的情况。"
    elif before < -OLD:
        yield "照片记录的拍摄时间比上报还晚，手机时间可能不准。"


def _place_hints(photo: Photo, reported_from: Point | None) -> Iterator[str]:
    if photo.latitude is None or photo.longitude is None or reported_from is None:
        return
    apart = metres_apart(
        to_gcj02(photo.latitude, photo.longitude),
        (reported_from.latitude, reported_from.longitude)
        if reported_from.datum == "gcj02"
        else to_gcj02(reported_from.latitude, reported_from.longitude),
    )
    if apart > FAR + (reported_from.accuracy or 0):
        yield f"照片的拍摄位置离上报的坐标约 {apart / 1000:.1f} 公里，请核对地点。"


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two (latitude, longitude) in degrees, along the surface."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """A WGS-84 point of mainland China in GCJ-02, as Chinese maps and phones give it; good to a few metres."""
    x, y = longitude - 105.0, latitude - 35.0
    ripple = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + ripple
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + ripple
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    magic = 1 - _ECCENTRICITY * math.sin(math.radians(latitude)) ** 2
    root = math.sqrt(magic)
    north_degrees = north * 180.0 / ((_AXIS * (1 - _ECCENTRICITY)) / (magic * root) * math.pi)
    east_degrees = east * 180.0 / (_AXIS / root * math.cos(math.radians(latitude)) * math.pi)
    return latitude + north_degrees, longitude + east_degrees
