"""Videos from outside are opened in a child process with limits, as pictures are."""

from pathlib import Path

from server.core.sandbox import run_limited
from server.photos.pictures.limited import as_undecodable
from server.photos.videos.made import VideoMade

MEMORY_BYTES = 1024 * 1024 * 1024  # a 4K frame in HEVC and those it refers to take a quarter of it
CPU_SECONDS, WALL_SECONDS = 30.0, 150.0


def make_limited(original: Path | bytes) -> VideoMade:
    """What is shown of a video. Raises Undecodable; ChildKilled or LimitExceeded("wall") when another try may go
    well."""
    with as_undecodable():
        return run_limited(
            _make, original, memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS
        )


def _make(original: Path | bytes) -> VideoMade:
    """In the child."""
    from server.photos.videos.making import make  # FFmpeg and OpenCV: 160 MB that others do not need

    return make(original)
