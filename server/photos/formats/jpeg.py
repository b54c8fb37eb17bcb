"""JPEG: walk the segments, and the scans between them, to the end marker."""

import re
from mmap import mmap
from typing import NamedTuple

from server.photos.formats.reading import Header, big
from server.photos.upload.refusals import PhotoDamaged, PhotoTruncated, PhotoType

SOI, EOI, SOS, TEM = 0xD8, 0xD9, 0xDA, 0x01
RESTARTS = range(0xD0, 0xD8)
PROGRESSIVE = 0xC2
DECODABLE = frozenset({0xC0, 0xC1, PROGRESSIVE})  # baseline, extended, progressive
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # start-of-frame markers of every process

# Real files have some tens of segments and at most a dozen scans; more is made to keep a decoder busy.
MAX_SEGMENTS = 4000
MAX_SCANS = 100

# In a scan's data 0xFF is followed by 0x00 or a restart marker; anything else is the next marker.
_SCAN_END = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


class _Frame(NamedTuple):
    width: int
    height: int
    components: int
    is_progressive: bool

    @property
    def pixel_bytes(self) -> int:
        """Plain ones are decoded line by line; of progressive ones every coefficient is kept until the last scan."""
        return 4 + 2 * self.components if self.is_progressive else 4


def recognises(start: bytes) -> bool:
    return start.startswith(b"\xff\xd8\xff")


def read(data: mmap) -> Header:
    """Type and size of the picture. Raises PhotoRefused."""
    frame: _Frame | None = None
    position, scans = 2, 0
    for _ in range(MAX_SEGMENTS):
        marker, position = _next_marker(data, position)
        if marker == EOI:
            if frame is None or not scans:
                raise PhotoDamaged
            return Header("image/jpeg", frame.width, frame.height, frame.pixel_bytes, passes=scans)
        if marker == SOI:
            raise PhotoDamaged
        if marker == TEM or marker in RESTARTS:
            continue
        length = big(data, position, 2)
        if length < 2:
            raise PhotoDamaged
        if marker in FRAMES:
            frame = _frame(data, marker, position, known=frame)
        position += length
        if marker == SOS:
            scans += 1
            if scans > MAX_SCANS:
                raise PhotoDamaged
            position = _end_of_scan(data, position)
    raise PhotoDamaged


def _next_marker(data: mmap, position: int) -> tuple[int, int]:
    """The marker at or after `position` (stray bytes are skipped, as decoders do) and where its segment starts."""
    position = data.find(b"\xff", position)
    if position < 0:
        raise PhotoTruncated
    while True:
        position += 1
        code = big(data, position, 1)
        if code not in (0xFF, 0x00):
            return code, position + 1
        if code == 0x00:
            position = data.find(b"\xff", position)
            if position < 0:
                raise PhotoTruncated


def _frame(data: mmap, marker: int, position: int, known: "_Frame | None") -> "_Frame":
    """A frame header that our decoders can read."""
    if known is not None:
        raise PhotoDamaged
    precision, components = big(data, position + 2, 1), big(data, position + 7, 1)
    if marker not in DECODABLE or precision != 8 or components not in (1, 3, 4):
        raise PhotoType
    return _Frame(big(data, position + 5, 2), big(data, position + 3, 2), components, marker == PROGRESSIVE)


def _end_of_scan(data: mmap, position: int) -> int:
    found = _SCAN_END.search(data, position)
    if found is None:
        raise PhotoTruncated
    return found.start()
