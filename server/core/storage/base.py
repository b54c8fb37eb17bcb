"""What every object store can do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import uuid4

from server.core.errors import Unavailable

_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
MAX_KEY = 200
STAGING_GRACE = timedelta(hours=1)  # no file on its way pauses for so long


class StorageError(Unavailable):
    """The store could not do it now; the caller may try again."""

    code, message = "storage_unavailable", "文件暂时存取不了，请稍后再试。"


class ObjectMissing(StorageError):
    """There is no object under that key."""

    status, code, message = 404, "photo_missing", "这个文件已经不在了。"
    is_outage = False


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An entry of a listing."""

    key: str
    modified_at: datetime


class ObjectStore(Protocol):
    """Objects under keys like `photos/3f/<id>.display`. A put that returned is durable.

    Everything may raise StorageError.
    """

    staging: Path
    """A folder for files on their way into the store; `put_file` takes them from here without copying where it can."""

    def put_file(self, key: str, source: Path, media_type: str) -> None:
        """Store the file at `source` under `key`, replacing what was there. The source is used up."""

    def put_bytes(self, key: str, content: bytes, media_type: str) -> None:
        """Store `content` under `key`, replacing what was there."""

    def open(self, key: str) -> BinaryIO:
        """A readable binary stream of the object. Raises ObjectMissing."""

    def exists(self, key: str) -> bool:
        """Whether there is an object under `key`."""

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens if there is none."""

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Every object whose key starts with `prefix`, sorted by key."""

    def local_path(self, key: str) -> Path | None:
        """The object as a file on this machine, if this store keeps it as one. Raises ObjectMissing."""

    def signed_url(self, key: str, starts: datetime, ends: datetime) -> str | None:
        """A link to read the object from `starts` to `ends`, the same for the same arguments.

        None if the store has no address of its own and the service must hand the object out itself.
        """

    def check(self) -> None:
        """Raises StorageError unless the store can be reached and written to."""


def checked_key(key: str) -> str:
    """`key`, or ValueError if it could mean anything but an object in the store."""
    if len(key) > MAX_KEY or not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not an object key: {key!r}")
    return key


def path_or_bytes(store: ObjectStore, key: str) -> Path | bytes:
    """The object as a file where the store has it as one, else its content. Raises ObjectMissing."""
    path = store.local_path(key)
    if path is not None:
        return path
    with store.open(key) as stream:
        return stream.read()


def staging_file(staging: Path) -> Path:
    """A path in `staging` that nobody else uses. Nothing is created but the folder."""
    staging.mkdir(parents=True, exist_ok=True)
    return staging / f"{uuid4().hex}.part"


def sweep_staging(staging: Path, now: datetime) -> int:
    """Remove what a process that died left in `staging`: not written to for an hour. Returns how many files."""
    removed = 0
    for path in _parts(staging):
        try:
            if path.stat().st_mtime < (now - STAGING_GRACE).timestamp():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # its owner was faster
    return removed


def _parts(staging: Path) -> list[Path]:
    try:
        return list(staging.glob("*.part"))
    except FileNotFoundError:  # the folder went between being seen and being read
        return []
