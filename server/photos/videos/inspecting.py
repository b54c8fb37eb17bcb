"""Is it a whole, short video that phones and computers can play? Found out from its boxes alone, without decoding.

MP4 and MOV as phones make them: one file type box, one movie box, pictures in H.264 or HEVC, sound in AAC or none.
Nothing is believed of a size before the bytes are there; how long a track lasts is added up, not read off its head.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.photos.formats import Picture
from server.photos.formats.boxes import Box, boxes
from server.photos.formats.reading import big, take
from server.photos.upload.refusals import (
    PhotoDamaged,
    PhotoTruncated,
    VideoCodec,
    VideoDamaged,
    VideoTooLong,
    VideoTooManyPixels,
    VideoTruncated,
    VideoType,
)
from server.unions.campaigns.rules import VIDEO_SECONDS

TOLERANCE = 0.5  # phones stop a little late
MAX_PIXELS = 4096 * 2304  # 4K
MAX_TRACKS = 16  # phones write up to six: pictures, sound twice, and data of their own
MAX_RUNS = 20_000  # of samples that last equally long; fifteen seconds at 240 pictures each have 3,600
PICTURES, SOUND = b"vide", b"soun"
VIDEO_CODECS = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1"})
AUDIO_CODEC = b"mp4a"
QUICKTIME = b"qt  "


@dataclass(frozen=True, slots=True)
class _Track:
    handler: bytes
    codec: bytes
    seconds: float
    width: int
    height: int


def inspect_video(path: Path) -> Picture:
    """The video in the file at `path`, which is not empty. Raises VideoRefused: no video, another codec, too long, too
    large, truncated, damaged. Never raises anything else for any content."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[4:8] != b"ftyp":
            raise VideoType
        try:
            return _read(data)
        except PhotoTruncated as error:
            raise VideoTruncated from error
        except PhotoDamaged as error:
            raise VideoDamaged from error


def _read(data: mmap.mmap) -> Picture:
    top = list(boxes(data, 0, len(data)))
    movies = [box for box in top if box.kind == b"moov"]
    kinds = {box.kind for box in top}
    if not movies:
        raise VideoTruncated if b"mdat" in kinds and b"meta" not in kinds else VideoType
    if len(movies) > 1 or b"mdat" not in kinds or b"moof" in kinds:
        raise VideoDamaged
    parts = list(boxes(data, movies[0].start, movies[0].end))
    found = [box for box in parts if box.kind == b"trak"]
    if len(found) > MAX_TRACKS:
        raise VideoDamaged
    tracks = [track for box in found if (track := _track(data, box)) is not None]
    shown = [track for track in tracks if track.handler == PICTURES]
    heard = [track for track in tracks if track.handler == SOUND]
    if not shown:
        raise VideoType
    if shown[0].codec not in VIDEO_CODECS or (heard and all(track.codec != AUDIO_CODEC for track in heard)):
        raise VideoCodec
    seconds = max(_movie_seconds(data, parts), *(track.seconds for track in (*shown, *heard)))
    if seconds > VIDEO_SECONDS + TOLERANCE:
        raise VideoTooLong
    width, height = shown[0].width, shown[0].height
    if not (width and height and shown[0].seconds):
        raise VideoDamaged
    if width * height > MAX_PIXELS:
        raise VideoTooManyPixels
    is_quicktime = take(data, top[0].start, 4) == QUICKTIME
    return Picture("video/quicktime" if is_quicktime else "video/mp4", width, height, round(seconds, 1))


def _track(data: mmap.mmap, box: Box) -> _Track | None:
    """None for one that is neither seen nor heard: text, and what phones note beside."""
    media = _child(data, box, b"mdia")
    handler = take(data, _child(data, media, b"hdlr").start + 8, 4)
    if handler not in (PICTURES, SOUND):
        return None
    table = _child(data, _child(data, media, b"minf"), b"stbl")
    entry = next(boxes(data, (described := _child(data, table, b"stsd")).start + 8, described.end), None)
    if entry is None:
        raise VideoDamaged
    width = height = 0
    if handler == PICTURES:
        width, height = big(data, entry.start + 24, 2), big(data, entry.start + 26, 2)
    scale = _scale(data, _child(data, media, b"mdhd"))
    return _Track(handler, entry.kind, _units(data, _child(data, table, b"stts")) / scale, width, height)


def _child(data: mmap.mmap, box: Box, kind: bytes) -> Box:
    found = next((each for each in boxes(data, box.start, box.end) if each.kind == kind), None)
    if found is None:
        raise VideoDamaged
    return found


def _scale(data: mmap.mmap, head: Box) -> int:
    """Units a second, of a movie's or a track's head."""
    scale = big(data, head.start + (20 if big(data, head.start, 1) == 1 else 12), 4)
    if not scale:
        raise VideoDamaged
    return scale


def _movie_seconds(data: mmap.mmap, parts: list[Box]) -> float:
    head = next((box for box in parts if box.kind == b"mvhd"), None)
    if head is None:
        raise VideoDamaged
    is_long = big(data, head.start, 1) == 1
    length = big(data, head.start + 24, 8) if is_long else big(data, head.start + 16, 4)
    return length / _scale(data, head)


def _units(data: mmap.mmap, box: Box) -> int:
    """How long all samples of a track last together."""
    return sum(count * each for count, each in _runs(data, box))


def _runs(data: mmap.mmap, box: Box) -> Iterator[tuple[int, int]]:
    number = big(data, box.start + 4, 4)
    if number > MAX_RUNS or box.start + 8 + 8 * number > box.end:
        raise VideoDamaged
    yield from struct.iter_unpack(">II", take(data, box.start + 8, 8 * number))
