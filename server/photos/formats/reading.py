"""Bits that the readers of all formats share."""

from dataclasses import dataclass
from mmap import mmap

from server.photos.upload.refusals import PhotoTruncated


@dataclass(frozen=True, slots=True)
class Header:
    """What a file's structure tells, and what decoding it will cost at the most, measured with our decoders.

    `most_pixels`: the largest picture inside, if there are several. `pixel_bytes`: memory for each pixel. `passes`: how
    often the decoder goes over every pixel.
    """

    media_type: str
    width: int
    height: int
    pixel_bytes: int
    most_pixels: int = 0
    passes: int = 1


def take(data: mmap, start: int, length: int) -> bytes:
    """`length` bytes from `start`. Raises PhotoTruncated if the file ends before."""
    if start + length > len(data):
        raise PhotoTruncated
    return data[start : start + length]


def big(data: mmap, start: int, length: int) -> int:
    """An unsigned big-endian number of `length` bytes."""
    return int.from_bytes(take(data, start, length), "big")


def little(data: mmap, start: int, length: int) -> int:
    """An unsigned little-endian number of `length` bytes."""
    return int.from_bytes(take(data, start, length), "little")
