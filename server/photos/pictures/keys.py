"""Where a photo's objects are kept.

The original's key carries the upload that brought it, so that every upload writes a key of its own: a failed one can
remove its object without any risk to another that brought the same photo at the same moment. Two hexadecimal digits of
the random part of the id come first: they spread the objects over 256 folders, which the sweep visits one by one.
"""

from enum import StrEnum
from uuid import UUID

PREFIX = "photos"
SHARDS = 256


class Variant(StrEnum):
    """What can be shown of a photo."""

    ORIGINAL = "original"
    DISPLAY = "display"
    THUMBNAIL = "thumbnail"
    VIDEO = "video"  # what is played of a video; the pictures of one are of a frame of it


DERIVED = (Variant.DISPLAY, Variant.THUMBNAIL)  # of every photo and video
ALL_DERIVED = (*DERIVED, Variant.VIDEO)


def original_key(photo_id: UUID, object_id: UUID) -> str:
    """Key of the bytes as they came, brought by the upload `object_id`."""
    return f"{_stem(photo_id)}.{Variant.ORIGINAL}.{object_id.hex}"


def derived_key(photo_id: UUID, variant: Variant) -> str:
    """Key of what was made of the original: a display or thumbnail picture, a video to play."""
    return f"{_stem(photo_id)}.{variant}"


def shard_prefix(shard: int) -> str:
    """What all keys of one of the SHARDS folders start with."""
    return f"{PREFIX}/{shard:02x}/"


def photo_prefix(photo_id: UUID) -> str:
    """What all keys of one photo start with."""
    return f"{_stem(photo_id)}."


def photo_of(key: str) -> UUID | None:
    """The photo that a key belongs to, None if it is not of a photo."""
    name = key.rpartition("/")[2].partition(".")[0]
    try:
        return UUID(name)
    except ValueError:
        return None


def _stem(photo_id: UUID) -> str:
    return f"{PREFIX}/{photo_id.hex[-2:]}/{photo_id}"
