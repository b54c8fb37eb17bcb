"""What a camera wrote beside the picture: when, where, with what, and which way up. Nothing of it is trusted."""

import math
import re
import struct
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL import Image

from server.core.clock import SHANGHAI

MAKE, MODEL, ORIENTATION, CHANGED_AT = 0x010F, 0x0110, 0x0112, 0x0132
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TAKEN_AT, TAKEN_OFFSET = 0x9003, 0x9011
LATITUDE, LONGITUDE = (1, 2), (3, 4)  # GPS tags: (hemisphere, degrees minutes seconds)

MAX_DEVICE = 100
_TIME = re.compile(r"\s*(\d{4})[:/-](\d\d)[:/-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"\s*([+-])(\d\d):?(\d\d)")

# What Pillow has been seen to raise for EXIF that makes no sense.
MALFORMED = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    ZeroDivisionError,
    SyntaxError,
    EOFError,
    OSError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Shot:
    """How the picture was taken; None for what is not known. Degrees are WGS-84. Orientation as in EXIF, 1 to 8."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    device: str | None = None
    orientation: int = 1


def read_exif(block: bytes | None) -> Shot:
    """What an EXIF block tells, as far as it can be understood. Never raises."""
    if not block:
        return Shot()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of oddities; here they are the rule
        return _read(block)


def _read(block: bytes) -> Shot:
    exif = Image.Exif()
    try:
        exif.load(block)
        main = dict(exif)
    except MALFORMED:
        return Shot()
    detail = _directory(exif, EXIF_IFD)
    latitude, longitude = _place(_directory(exif, GPS_IFD))
    orientation = main.get(ORIENTATION)
    return Shot(
        taken_at=_moment(detail.get(TAKEN_AT) or main.get(CHANGED_AT), detail.get(TAKEN_OFFSET)),
        latitude=latitude,
        longitude=longitude,
        device=_device(main.get(MAKE), main.get(MODEL)),
        orientation=orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1,
    )


def _directory(exif: Image.Exif, tag: int) -> dict[int, Any]:
    try:
        return dict(exif.get_ifd(tag))
    except MALFORMED:
        return {}


def _text(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return "".join(character for character in text.partition("\0")[0] if character.isprintable()).strip()


def _moment(when: object, offset: object) -> datetime | None:
    """An instant; without an offset the camera is taken to show the time of the campaign's place."""
    found = _TIME.match(_text(when))
    if not found:
        return None
    try:
        year, month, day, hour, minute, second = (int(part) for part in found.groups())
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1990 <= moment.year <= 2100 else None


def _zone(offset: object) -> tzinfo:
    found = _OFFSET.match(_text(offset))
    if not found:
        return SHANGHAI
    sign, hours, minutes = found.groups()
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(distance if sign == "+" else -distance)


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    latitude = _degrees(gps, *LATITUDE, positive="N", negative="S", limit=90)
    longitude = _degrees(gps, *LONGITUDE, positive="E", negative="W", limit=180)
    if latitude is None or longitude is None or (abs(latitude) < 1e-6 and abs(longitude) < 1e-6):
        return None, None  # phones without a fix write zeros
    return latitude, longitude


def _degrees(
    gps: dict[int, Any], side_tag: int, value_tag: int, *, positive: str, negative: str, limit: int
) -> float | None:
    side = _text(gps.get(side_tag)).upper()
    try:
        parts = [float(part) for part in gps[value_tag]]
    except MALFORMED:
        return None
    if side not in (positive, negative) or len(parts) != 3 or not all(map(math.isfinite, parts)) or min(parts) < 0:
        return None
    value = parts[0] + parts[1] / 60 + parts[2] / 3600
    return round(value if side == positive else -value, 7) if value <= limit else None


def _device(make: object, model: object) -> str | None:
    maker, name = _text(make), _text(model)
    if maker and name.lower().startswith(maker.lower()):
        maker = ""
    return f"{maker} {name}".strip()[:MAX_DEVICE].strip() or None
