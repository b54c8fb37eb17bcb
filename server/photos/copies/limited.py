"""Spots are looked for, and pictures compared, in a child process: what OpenCV takes for a picture a worker would keep,
and a child gives way to whoever is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Base64Bytes

from server.core.sandbox import run_limited

MEMORY_BYTES = 1024 * 1024 * 1024  # a fresh child maps half of it for OpenCV, and reads little of that
CPU_SECONDS, WALL_SECONDS = 30.0, 300.0  # a dozen pictures take less than one second of the first

Picture = Path | bytes  # a display picture, which we have made ourselves


@dataclass(frozen=True, slots=True)
class Prints:
    """Packed spots of a picture, and of its mirror image."""

    plain: Base64Bytes
    mirrored: Base64Bytes


def look_limited(display: Picture) -> Prints:
    """The prints of a picture; nothing in them if it cannot be read. Raises as run_limited."""
    return run_limited(
        _look, display, memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS
    )  # fmt: skip


def compare_limited(display: Picture, others: Sequence[Picture], *, is_mirrored: bool) -> list[int]:
    """For each of the others how many spots fit if the picture, mirrored or not, is a copy of it, else 0. Raises as
    run_limited."""
    return run_limited(
        _compare, display, list(others), is_mirrored,
        memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS,
    )  # fmt: skip


def _look(display: Picture) -> Prints:
    """In the child."""
    from server.photos.copies.comparing import print_of, view_of_jpeg  # OpenCV, NumPy and Pillow

    view = view_of_jpeg(_content(display))
    return Prints(print_of(view), print_of(view.mirrored()))


def _compare(display: Picture, others: list[Picture], is_mirrored: bool) -> list[int]:
    """In the child."""
    from server.photos.copies.comparing import compare, view_of_jpeg

    view = view_of_jpeg(_content(display))
    view = view.mirrored() if is_mirrored else view
    found = (compare(view, view_of_jpeg(_content(other))) for other in others)
    return [each.spots if each.is_copy else 0 for each in found]


def _content(picture: Picture) -> bytes:
    return picture if isinstance(picture, bytes) else picture.read_bytes()
