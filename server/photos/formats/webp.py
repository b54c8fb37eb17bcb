"""WebP: walk the chunks of the RIFF container."""

from mmap import mmap

from server.photos.formats.reading import Header, big, little, take
from server.photos.upload.refusals import PhotoAnimated, PhotoDamaged, PhotoTruncated

ANIMATION_FLAG = 0x02
MAX_CHUNKS = 1000
PIXEL_BYTES = 18  # measured: 17 with and without loss; the library holds the canvas twice


def recognises(start: bytes) -> bool:
    return start[:4] == b"RIFF" and start[8:12] == b"WEBP"


def read(data: mmap) -> Header:
    """Type and size of the picture. Raises PhotoRefused."""
    end = 8 + little(data, 4, 4)
    if end > len(data):
        raise PhotoTruncated
    canvas: tuple[int, int] | None = None
    picture: tuple[int, int] | None = None
    position = 12
    for _ in range(MAX_CHUNKS):
        if position + 8 > end:
            break
        kind, length = take(data, position, 4), little(data, position + 4, 4)
        if position + 8 + length > end:
            raise PhotoTruncated
        if kind in (b"ANIM", b"ANMF"):
            raise PhotoAnimated
        if kind == b"VP8X":
            canvas = _canvas(data, position + 8)
        elif kind in (b"VP8 ", b"VP8L"):
            picture = _lossy(data, position + 8) if kind == b"VP8 " else _lossless(data, position + 8)
        position += 8 + length + length % 2
    if picture is None or (canvas or picture) != picture:
        raise PhotoDamaged
    return Header("image/webp", *picture, PIXEL_BYTES)


def _canvas(data: mmap, position: int) -> tuple[int, int]:
    if big(data, position, 1) & ANIMATION_FLAG:
        raise PhotoAnimated
    return little(data, position + 4, 3) + 1, little(data, position + 7, 3) + 1


def _lossy(data: mmap, position: int) -> tuple[int, int]:
    is_key_frame = not big(data, position, 1) & 1
    if not is_key_frame or take(data, position + 3, 3) != b"\x9d\x01\x2a":
        raise PhotoDamaged
    return little(data, position + 6, 2) & 0x3FFF, little(data, position + 8, 2) & 0x3FFF


def _lossless(data: mmap, position: int) -> tuple[int, int]:
    if big(data, position, 1) != 0x2F:
        raise PhotoDamaged
    bits = little(data, position + 1, 4)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
