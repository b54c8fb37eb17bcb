"""Objects as files below one folder: durable by fsync, whole by atomic rename."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from server.core.storage.base import ObjectMissing, StorageError, StoredObject, checked_key, staging_file

STAGING = ".staging"  # no key can start with a dot


class FileStore:
    """The embedded default. Its links are served by the service itself."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.staging = self.root / STAGING

    def put_file(self, key: str, source: Path, media_type: str) -> None:
        """Move `source` under `key`; its bytes and its name are on the disk when this returns."""
        target = self._path(key)
        with _translated():
            with source.open("rb") as file:
                os.fsync(file.fileno())
            _ensure_folder(target.parent, self.root)
            source.replace(target)
            _fsync_folder(target.parent)

    def put_bytes(self, key: str, content: bytes, media_type: str) -> None:
        """Write `content` beside and move it under `key`."""
        with _translated():
            source = staging_file(self.staging)
            try:
                source.write_bytes(content)
                self.put_file(key, source, media_type)
            finally:
                source.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        with _translated():
            return self._path(key).open("rb")

    def exists(self, key: str) -> bool:
        with _translated():
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        with _translated():
            self._path(key).unlink(missing_ok=True)

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        """Looks only into folders that can hold such keys."""
        with _translated():
            yield from self._walk(self.root, "", prefix)

    def _walk(self, folder: Path, at: str, prefix: str) -> Iterator[StoredObject]:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except FileNotFoundError:
            return
        for entry in entries:
            key = at + entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if (key + "/").startswith(prefix) or prefix.startswith(key + "/"):
                    yield from self._walk(folder / entry.name, key + "/", prefix)
            elif key.startswith(prefix):
                with suppress(FileNotFoundError):  # removed while we were looking
                    yield StoredObject(key, datetime.fromtimestamp(entry.stat().st_mtime, UTC))

    def local_path(self, key: str) -> Path | None:
        path = self._path(key)
        if not path.is_file():
            raise ObjectMissing
        return path

    def signed_url(self, key: str, starts: datetime, ends: datetime) -> str | None:
        return None

    def check(self) -> None:
        """Write, sync and remove a small file."""
        with _translated():
            probe = staging_file(self.staging)
            try:
                with probe.open("wb") as file:
                    file.write(b"ok")
                    file.flush()
                    os.fsync(file.fileno())
            finally:
                probe.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)


@contextmanager
def _translated() -> Iterator[None]:
    """The operating system's complaints as ours."""
    try:
        yield
    except FileNotFoundError as error:
        raise ObjectMissing from error
    except OSError as error:
        raise StorageError from error


def _ensure_folder(folder: Path, root: Path) -> None:
    """Make `folder`; a new one is synced into its parent, else its files could vanish with it."""
    if folder.is_dir():
        return
    if folder != root:
        _ensure_folder(folder.parent, root)
    folder.mkdir(parents=True, exist_ok=True)
    _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
