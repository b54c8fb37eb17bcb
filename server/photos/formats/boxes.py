"""The boxes that HEIF, MP4 and MOV files are made of: a length, a kind, and a content that may be boxes again."""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

from server.photos.formats.reading import big, take
from server.photos.upload.refusals import PhotoDamaged, PhotoTruncated

MAX_BOXES = 4000


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its type, and where its content starts and ends."""

    kind: bytes
    start: int
    end: int


def boxes(data: mmap, start: int, end: int) -> Iterator[Box]:
    """Those from `start` to `end`. Raises PhotoTruncated where one reaches beyond, PhotoDamaged."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        length, kind, head = big(data, start, 4), take(data, start + 4, 4), 8
        if length == 1:
            length, head = big(data, start + 8, 8), 16
        elif length == 0:
            length = end - start
        if length < head:
            raise PhotoDamaged
        if start + length > end:
            raise PhotoTruncated
        yield Box(kind, start + head, start + length)
        start += length
    raise PhotoDamaged
