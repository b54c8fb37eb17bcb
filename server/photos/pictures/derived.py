"""What is made of an original, as it comes back from the child that made it. No picture library is needed for it."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import Base64Bytes


@dataclass(frozen=True, slots=True)
class Shot:
    """How the picture was taken; None for what is not known. Degrees are WGS-84. Orientation as in EXIF, 1 to 8."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    device: str | None = None
    orientation: int = 1


def told_by(shot: Shot) -> dict[str, object]:
    """The columns of a photo that its file speaks of; what it does not, stays as the phone declared it."""
    told: dict[str, object] = {"taken_at": shot.taken_at, "device": shot.device}
    if shot.latitude is not None:
        told |= {"latitude": shot.latitude, "longitude": shot.longitude}
    return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Derivatives:
    """JPEGs without metadata, and what goes into the photo's row. Width and height are of the original held upright."""

    display: Base64Bytes
    thumbnail: Base64Bytes
    width: int
    height: int
    shot: Shot
    fingerprint: int
