"""What a camera wrote beside the picture: when, where, with what, and which way up. Nothing of it is trusted."""

import math
import re
import struct
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL import Image

from server.core.clock import SHANGHAI
from server.photos.pictures.derived import Shot

MAKE, MODEL, ORIENTATION, CHANGED_AT = 0x010F, 0x0110, 0x0112, 0x0132
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
TIMES = ((0x9003, 0x9011), (0x9004, 0x9012))  # (when, its offset): taken, made digital
CHANGED_OFFSET = 0x9010
GPS_TIME, GPS_DATE = 7, 29  # of UTC
LATITUDE, LONGITUDE = (1, 2), (3, 4)  # GPS tags: (hemisphere, degrees minutes seconds)

MAX_DEVICE = 100
FARTHEST = timedelta(hours=14)  # that a zone is from UTC
_TIME = re.compile(
    r"(?P<year>\d{4})[:/.\-年](?P<month>\d\d?)[:/.\-月](?P<day>\d\d?)日?[ T]+(?P<before>[AaPp][Mm]|上午|下午)? *"
    r"(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:]\d+)?)? *(?P<after>[AaPp][Mm]|上午|下午)? *"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?"
)
_OFFSET = re.compile(r"([+-])(\d\d)(?::?(\d\d))?")

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
    gps = _directory(exif, GPS_IFD)
    latitude, longitude = _place(gps)
    orientation = main.get(ORIENTATION)
    return Shot(
        taken_at=_taken_at(main, detail, gps),
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
    """Text as it was meant: EXIF knows ASCII only, phones write UTF-8, Pillow reads Latin-1."""
    if isinstance(value, str):
        with suppress(UnicodeError):
            value = value.encode("latin-1").decode("utf-8")
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value if isinstance(value, str) else ""
    return "".join(character for character in text.partition("\0")[0] if character.isprintable()).strip()


def _taken_at(main: dict[int, Any], detail: dict[int, Any], gps: dict[int, Any]) -> datetime | None:
    """The first of the dates that makes sense: cameras without a clock leave blanks or zeros in the better ones."""
    written = [(detail.get(when), detail.get(offset)) for when, offset in TIMES]
    written.append((main.get(CHANGED_AT), detail.get(CHANGED_OFFSET)))
    moments = (_moment(when, offset) for when, offset in written)
    return next((moment for moment in moments if moment is not None), None) or _moment_of_gps(gps)


def _moment(when: object, offset: object) -> datetime | None:
    """An instant; without an offset the camera is taken to show the time of the campaign's place."""
    found = _TIME.match(_text(when))
    if not found:
        return None
    hour, half = int(found["hour"]), (found["before"] or found["after"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    zone = _zone(found["zone"] or offset)
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=zone)
        # Some write midnight as 24:00.
        since = timedelta(hours=hour, minutes=int(found["minute"]), seconds=int(found["second"] or 0))
        moment = (day + since).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1990 <= moment.year <= 2100 and since <= timedelta(days=1) else None


def _moment_of_gps(gps: dict[int, Any]) -> datetime | None:
    try:
        hour, minute, second = (int(part) for part in gps[GPS_TIME])
    except MALFORMED:
        return None
    return _moment(f"{_text(gps.get(GPS_DATE))} {hour:02}:{minute:02}:{second:02}", "+00:00")


def _zone(offset: object) -> tzinfo:
    text = _text(offset)
    if text == "Z":
        return UTC
    found = _OFFSET.match(text)
    if not found:
        return SHANGHAI
    distance = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if distance > FARTHEST:
        return SHANGHAI
    return timezone(distance if found[1] == "+" else -distance)


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
