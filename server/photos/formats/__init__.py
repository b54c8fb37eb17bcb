"""Is it a whole photo? Found out from its structure alone, in a fraction of a millisecond, without decoding.

Content decides, whatever the file is called. What follows a whole picture (a phone's motion clip, a second view) is
left alone: originals are kept byte for byte and handed out only as the picture they start with.
"""

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.photos.formats import heif, jpeg, png, webp
from server.photos.formats.reading import Header
from server.photos.upload.refusals import PhotoDamaged, PhotoEmpty, PhotoTooCostly, PhotoType, too_many_pixels

MAX_SIDE = 65_535
MAX_WORK = 2_000_000_000  # pixels times passes: under a minute of one core
READERS: tuple[tuple[Callable[[bytes], bool], Callable[[mmap.mmap], Header]], ...] = tuple(
    (kind.recognises, kind.read) for kind in (jpeg, png, webp, heif)
)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the header says: media type, and width and height in pixels as stored (before any rotation). `seconds`: how
    long a video lasts."""

    media_type: str
    width: int
    height: int
    seconds: float | None = None


def inspect(path: Path, max_pixels: int, max_memory: int) -> Picture:
    """The picture in the file at `path`. Raises PhotoRefused: empty, wrong type, animated, truncated, damaged, too many
    pixels, or one whose decoding would take more than `max_memory` bytes or very long. Never raises anything else for
    any content."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise PhotoEmpty
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            header = _read(data)
    if not (0 < header.width <= MAX_SIDE and 0 < header.height <= MAX_SIDE):
        raise PhotoDamaged
    pixels = max(header.width * header.height, header.most_pixels)
    if pixels > max_pixels:
        raise too_many_pixels(max_pixels)
    if pixels * header.pixel_bytes > max_memory or pixels * header.passes > MAX_WORK:
        raise PhotoTooCostly
    return Picture(header.media_type, header.width, header.height)


def _read(data: mmap.mmap) -> Header:
    for recognises, read in READERS:
        if recognises(data[:64]):
            return read(data)
    raise PhotoType
