"""One service per data directory: a lock file that dies with its holder."""

import fcntl
import os
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process holds the lock; the text is what it wrote about itself."""


class Lock:
    """An exclusive lock on `path`, held until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, about: str) -> None:
        """Take the lock and leave `about` in the file. Raises AlreadyRunning."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            text = os.read(descriptor, 1000).decode(errors="replace").strip()
            os.close(descriptor)
            raise AlreadyRunning(text) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{about}\n".encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go. The file stays: removing it would let two processes each lock one of their own."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


def service_lock(data_dir: Path) -> Lock:
    """The lock of the service that works in `data_dir`."""
    return Lock(data_dir.resolve() / "run" / "serve.lock")
