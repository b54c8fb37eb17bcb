"""Backup and restore of the embedded default: the SQLite database and the objects, one .tar.gz with hashes.

The service may go on running: the database is copied by SQLite's online backup first, then the objects. An object is
written before the row that names it, so whatever the copied rows name is there when the objects are copied.

In the file, in this order: `suishoupai.db`, `objects/…`, `SHA256SUMS` (as sha256sum writes it), `manifest.json`.
"""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy import make_url

from server.core import clock
from server.core.ops.single import AlreadyRunning, Lock, service_lock
from server.core.settings import Settings

FORMAT = 1
DATABASE = "suishoupai.db"
OBJECTS = "objects"
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
MOST_MANIFEST = 64 * 1024
WORKING = ".suishoupai-backup-"  # folders of backups under way, beside the file that they make
RESTORING = ".restore-"  # folders of restores under way, in the data directory


class BackupError(Exception):
    """It was not backed up or restored; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds. `size` in bytes, before compression."""

    objects: int
    size: int
    made_at: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the embedded default keeps what is worth keeping."""

    data_dir: Path
    database: Path
    objects: Path


def place_of(settings: Settings) -> Place:
    """Where `settings` keep things. Raises BackupError if that is not the embedded default."""
    if not settings.is_sqlite or settings.object_store != "files":
        raise BackupError("只备份 SQLite 加本地文件的部署。PostgreSQL 请用 pg_dump，对象存储请用它自己的备份。")
    database = make_url(settings.sqlalchemy_url).database
    if not database or database == ":memory:":
        raise BackupError("数据库在内存里，没有可以备份的文件。")
    data_dir = settings.data_dir.resolve()
    return Place(data_dir, Path(database), data_dir / OBJECTS)


def back_up(settings: Settings, target: Path) -> Summary:
    """Write a backup to `target`, which appears only once it is whole. Raises BackupError."""
    place = place_of(settings)
    if not place.database.exists():
        raise BackupError(f"没有数据库 {place.database}。")
    if target.exists():
        raise BackupError(f"{target} 已经存在，不会覆盖它。")
    try:
        with _workplace(target.parent) as folder:
            partial = folder / target.name
            with open(partial, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as archive:
                summary = _write(archive, place, folder)
                archive.close()
                raw.flush()
                os.fsync(raw.fileno())
            os.link(partial, target)  # unlike rename, refuses to replace a file that came meanwhile
            _sync_directory(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"备份没有完成：{error}") from error
    return summary


def restore(settings: Settings, source: Path, *, force: bool) -> Summary:
    """Bring back the backup at `source` while the service is stopped.

    Nothing changes unless the whole file is sound. What was there before stands in the way; with `force` it is moved
    aside into the data directory. Raises BackupError, or AlreadyRunning if a service works there.
    """
    place = place_of(settings)
    place.data_dir.mkdir(parents=True, exist_ok=True)
    lock = service_lock(place.data_dir)
    lock.take("正在恢复备份")
    try:
        _clear_leftovers(place)
        if not force and _is_inhabited(place):
            raise BackupError(
                f"{place.data_dir} 里已有数据，不会覆盖。确实要换成备份里的，请加 --force（原数据会移到一旁）。"
            )
        with tempfile.TemporaryDirectory(prefix=RESTORING, dir=place.data_dir) as folder:
            fresh = Path(folder)
            summary = _unpack(source, fresh)
            _check_database(fresh / DATABASE)
            _swap(place, fresh)
    except (OSError, EOFError, zlib.error, tarfile.TarError, sqlite3.Error, ValueError, KeyError) as error:
        raise BackupError(f"没有恢复：备份文件读不了或不完整（{type(error).__name__}：{error}）。") from error
    finally:
        lock.release()
    return summary


@contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """A folder for what is not whole yet, gone at the end. What killed backups left goes now, nobody else's."""
    for old in parent.glob(f"{WORKING}*"):
        with suppress(AlreadyRunning, FileNotFoundError):
            lock = Lock(old / "lock")
            lock.take("正在清理")
            shutil.rmtree(old)
            lock.release()
    with tempfile.TemporaryDirectory(prefix=WORKING, dir=parent) as folder:
        lock = Lock(Path(folder) / "lock")
        lock.take("正在备份")
        try:
            yield Path(folder)
        finally:
            lock.release()


def _write(archive: tarfile.TarFile, place: Place, folder: Path) -> Summary:
    with open(folder / SUMS, "w+b") as listing:
        snapshot = folder / DATABASE
        _copy_database(place.database, snapshot)
        size, objects = _add(archive, DATABASE, snapshot, listing) or 0, 0
        for path in _objects(place):
            added = _add(archive, f"{OBJECTS}/{path.relative_to(place.objects).as_posix()}", path, listing)
            if added is not None:
                size, objects = size + added, objects + 1
        listing.seek(0)
        sums = hashlib.file_digest(listing, "sha256").hexdigest()
        _add_stream(archive, SUMS, listing)
    summary = Summary(objects, size, clock.now().isoformat(timespec="seconds"))
    manifest = {"format": FORMAT, "made_at": summary.made_at, "objects": objects, "size": size, "sums_sha256": sums}
    _add_stream(archive, MANIFEST, io.BytesIO(json.dumps(manifest, indent=2).encode()))
    return summary


def _copy_database(source: Path, target: Path) -> None:
    """A consistent copy in one step: in WAL mode that holds up nobody."""
    with closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy, pages=-1)


def _objects(place: Place) -> Iterator[Path]:
    """Every object's file; what is still being written lies in folders whose names begin with a dot."""
    for folder, folders, names in os.walk(place.objects):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(names) if not name.startswith("."))


def _add(archive: tarfile.TarFile, name: str, path: Path, listing: IO[bytes]) -> int | None:
    """Add one file and its line of the listing. Returns its size, None if it has been removed meanwhile."""
    try:
        file = open(path, "rb")  # noqa: SIM115  (closed below)
    except FileNotFoundError:
        return None
    with file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = _add_stream(archive, name, file)
    listing.write(f"{digest}  {name}\n".encode())
    return size


def _add_stream(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> int:
    entry = tarfile.TarInfo(name)
    entry.size = content.seek(0, os.SEEK_END)
    entry.mtime = int(clock.now().timestamp())
    entry.mode = 0o600
    content.seek(0)
    archive.addfile(entry, content)
    return entry.size


def _unpack(source: Path, folder: Path) -> Summary:
    """Unpack everything into `folder`, checking names and hashes. Raises BackupError and whatever reading raises."""
    lines = hashlib.sha256()
    listed, manifest, objects = "", {}, 0
    (folder / OBJECTS).mkdir()
    with tarfile.open(source, mode="r|gz") as archive:
        for entry in archive:
            stream = archive.extractfile(entry)
            if not entry.isreg() or stream is None:
                raise BackupError(f"备份文件里有不该有的内容：{entry.name}")
            if entry.name == SUMS:
                listed = _digest(stream)
            elif entry.name == MANIFEST:
                manifest = json.loads(stream.read(MOST_MANIFEST))
            else:
                digest = _save(stream, folder / _safe_name(entry.name))
                lines.update(f"{digest}  {entry.name}\n".encode())
                objects += entry.name != DATABASE
    if manifest["format"] != FORMAT:
        raise BackupError(f"不认识的备份格式 {manifest['format']}，请用更新的版本恢复。")
    if not lines.hexdigest() == listed == manifest["sums_sha256"] or objects != manifest["objects"]:
        raise BackupError("备份文件已损坏：内容与校验和不符。原有数据没有改动。")
    return Summary(objects, manifest["size"], manifest["made_at"])


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _safe_name(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if name == DATABASE:
        return path
    parts = path.parts
    if path.is_absolute() or len(parts) < 2 or parts[0] != OBJECTS or any(part.startswith(".") for part in parts):
        raise BackupError(f"备份文件里有不该有的内容：{name}")
    return path


def _save(stream: IO[bytes], path: Path) -> str:
    """Write a stream to a new file, to the disk. Returns its SHA-256."""
    digest = hashlib.sha256()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _check_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if answer != "ok":
        raise BackupError(f"备份里的数据库已损坏：{answer}")


def _is_inhabited(place: Place) -> bool:
    return place.database.exists() or next(_objects(place), None) is not None


def _clear_leftovers(place: Place) -> None:
    """Remove what interrupted restores left; they had changed nothing yet."""
    for folder in place.data_dir.glob(f"{RESTORING}*"):
        shutil.rmtree(folder)


def _swap(place: Place, fresh: Path) -> None:
    """Put the restored files in place, the database last: without one no service starts on half of a restore."""
    aside = place.data_dir / f"before-restore-{clock.now():%Y%m%dT%H%M%S%f}"
    for old in (*_database_files(place.database), place.objects):
        if old.exists():
            aside.mkdir(exist_ok=True)
            old.rename(aside / old.name)
    (fresh / OBJECTS).rename(place.objects)
    place.database.parent.mkdir(parents=True, exist_ok=True)
    (fresh / DATABASE).rename(place.database)
    _sync_directory(place.data_dir)
    _sync_directory(place.database.parent)


def _database_files(database: Path) -> list[Path]:
    """The database and its companions, which belong to it alone."""
    return [database, *(database.with_name(database.name + suffix) for suffix in ("-wal", "-shm"))]


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
