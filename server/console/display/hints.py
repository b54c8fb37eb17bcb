"""What a photo's own data says against the report: taken long before, or far away. Hints, never verdicts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from server.core.geodesy import metres_apart, to_gcj02

OLD = timedelta(hours=24)
FAR = 1000  # metres: above what a phone's guess indoors is usually off by


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
