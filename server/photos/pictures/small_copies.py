"""A picture for somebody outside: small, encoded anew, with nothing of what the camera wrote into the file."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import Base64Bytes

from server.core.sandbox import ChildFailed, LimitExceeded
from server.core.settings import Settings
from server.photos.pictures.limited import decode_limited

SIDE = 768  # enough to tell a blocked passage from a free one; people near the camera stay recognisable
CPU_SECONDS, WALL_SECONDS = 20.0, 20.0


@dataclass(frozen=True, slots=True)
class SmallCopy:
    """What comes out of the child."""

    jpeg: Base64Bytes


def small_copy_limited(original: Path | bytes, media_type: str, settings: Settings) -> bytes | None:
    """An upright JPEG; None if the file cannot be turned into one, or takes too much."""
    try:
        return decode_limited(_small_copy, original, media_type, settings, CPU_SECONDS, WALL_SECONDS).jpeg
    except (ChildFailed, LimitExceeded):
        return None


def _small_copy(original: Path | bytes, media_type: str, max_pixels: int) -> SmallCopy:
    """In the child."""
    from server.photos.pictures.derivatives import copy_of  # OpenCV, NumPy and Pillow: 60 MB that others do not need

    content = original if isinstance(original, bytes) else original.read_bytes()
    return SmallCopy(jpeg=copy_of(content, media_type, max_pixels, SIDE))
