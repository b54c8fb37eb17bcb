"""Pictures from outside are decoded in a child process with limits: a file may cost more than its structure tells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TypeVar

from server.core.sandbox import ChildFailed, ChildKilled, LimitExceeded, run_limited
from server.core.settings import Settings
from server.photos.pictures.derived import Derivatives

BIG = 25_000_000  # pixels; one at a time, they take up to half a gigabyte
MARGIN = 1.25  # of memory above what intake lets pass by its estimate
CPU_SECONDS = 60.0
WALL_SECONDS = 300.0  # on a machine that does much else
_one_big = Lock()


Made = TypeVar("Made")


class Undecodable(Exception):
    """The file cannot be turned into a picture; the text says why, for the log."""


@contextmanager
def as_undecodable() -> Iterator[None]:
    """What a child could not do with a file is Undecodable; ChildKilled and LimitExceeded("wall") stay what they are:
    another try may go well."""
    try:
        yield
    except LimitExceeded as error:
        if error.limit == "wall":
            raise
        raise Undecodable(f"takes too much: {error.limit}") from error
    except ChildKilled:
        raise
    except ChildFailed as error:
        raise Undecodable(str(error)[-300:]) from error


def decode_limited(
    make: Callable[..., Made], original: Path | bytes, media_type: str, settings: Settings, cpu: float, wall: float
) -> Made:
    """What `make(original, media_type, max_pixels)` makes of a file in a child; `cpu` and `wall` in seconds. Raises
    what run_limited does."""
    return run_limited(
        make, original, media_type, settings.photo_max_pixels,
        memory_bytes=int(settings.photo_decode_bytes * MARGIN), cpu_seconds=cpu, wall_seconds=wall,
    )  # fmt: skip


def derive_limited(original: Path | bytes, media_type: str, width: int, height: int, settings: Settings) -> Derivatives:
    """Everything that is made of an original, `width` and `height` as intake found them.

    Raises Undecodable; ChildKilled or LimitExceeded("wall") when another try may go well.
    """
    with as_undecodable(), _one_big if width * height > BIG else nullcontext():
        return decode_limited(_derive, original, media_type, settings, CPU_SECONDS, WALL_SECONDS)


def _derive(original: Path | bytes, media_type: str, max_pixels: int) -> Derivatives:
    """In the child."""
    from server.photos.pictures.derivatives import derive  # OpenCV, NumPy and Pillow: 60 MB that others do not need

    content = original if isinstance(original, bytes) else original.read_bytes()
    return derive(content, media_type, max_pixels)
