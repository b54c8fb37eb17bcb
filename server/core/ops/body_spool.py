"""A large body on its way in, kept on the disk until it is whole.

A phone that takes a minute for a photo costs a file descriptor and what it has sent so far, no thread. The file has no
name: whatever ends, the system removes it.
"""

import os
import tempfile
import time
from pathlib import Path

PIECE = 256 * 1024  # bytes taken at a time
WAKE = 32 * 1024  # bytes that are worth being woken up for: a slow phone sends them in some seconds


class Budget:
    """How much of the disk bodies that are under way may take, as they were announced."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        """Whether there is room; it is taken then."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        """It is needed no longer."""
        self._left += size


class Spool:
    """`size` bytes of a request, head and body. Raises OSError where the disk takes no more."""

    def __init__(self, folder: Path, size: int) -> None:
        self.size, self.arrived, self.began = size, 0, time.monotonic()
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  (closed by close)

    @property
    def missing(self) -> int:
        """Bytes that are not here yet."""
        return self.size - self.arrived

    @property
    def wake(self) -> int:
        """How many must have come before it is worth a look."""
        return min(self.missing, WAKE)

    def write(self, piece: bytes) -> None:
        """Keep what has come; after the last of it, it is read from the beginning."""
        with memoryview(piece) as rest:
            done = 0
            while done < len(rest):
                done += os.write(self._file.fileno(), rest[done:])
        self.arrived += len(piece)
        if not self.missing:
            self._file.seek(0)

    def read(self, size: int) -> bytes:
        """The next bytes, none at the end."""
        return self._file.read(size)

    def close(self) -> None:
        """Let it go."""
        self._file.close()
