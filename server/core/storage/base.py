"""What every object store can do."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol


class StorageError(Exception):
    """The store could not do it now; the caller may try again."""


class ObjectMissing(StorageError):
    """There is no object under that key."""


class ObjectStore(Protocol):
    """Objects under keys like `photos/2026/11/<id>/original`. A put that returned is durable."""

    def put_file(self, key: str, source: Path, media_type: str) -> None:
        """Store the file at `source` under `key`, replacing what was there. The source may be moved away."""

    def put_bytes(self, key: str, content: bytes, media_type: str) -> None:
        """Store `content` under `key`, replacing what was there."""

    def open(self, key: str) -> BinaryIO:
        """A readable binary stream of the object. Raises ObjectMissing."""

    def exists(self, key: str) -> bool:
        """Whether there is an object under `key`."""

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens if there is none."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that starts with `prefix`, sorted."""

    def signed_url(self, key: str, lifetime: timedelta, media_type: str) -> str:
        """A link that lets whoever has it read the object for about `lifetime`, and nothing else."""

    def check(self) -> None:
        """Raises StorageError unless the store can be reached and written to."""
