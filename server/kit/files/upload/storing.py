"""From a file on this machine to an object that lasts."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog

from server.core import ids
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.kit.files.content.inspecting import inspect_file
from server.kit.files.content.names import clean_name
from server.kit.files.content.refusals import FieldType
from server.kit.files.rules import PICTURES, FileLimits
from server.kit.files.serving.keys import object_key

log = structlog.get_logger(__name__)
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What lies in the store and no row speaks of yet. Unless one does within a day, the sweep removes it."""

    object_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def store_file(
    store: ObjectStore, settings: Settings, path: Path, *, name: str, size: int, sha256: str, limits: FileLimits
) -> StoredFile:
    """Check the content of the file at `path` and move it into the store; it is durable when this returns.

    Raises FileRefused, PhotoRefused, StorageError. A bucket is told of pictures alone what they are.
    """
    content = inspect_file(path, name, settings)
    if content.media_type not in limits.media_types:
        raise FieldType(limits.names)
    object_id = ids.new_id()
    store.put_file(object_key(object_id), path, content.media_type if content.media_type in PICTURES else UNKNOWN)
    return StoredFile(
        object_id=object_id, name=clean_name(name, content.media_type), media_type=content.media_type, size=size,
        sha256=sha256, width=content.width, height=content.height,
    )  # fmt: skip


def discard(store: ObjectStore, stored: StoredFile) -> None:
    """Remove what turned out not to be needed."""
    try:
        store.delete(object_key(stored.object_id))
    except StorageError:
        log.warning("orphan_left_for_sweep", object_id=str(stored.object_id))
