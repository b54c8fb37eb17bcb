"""Files that come with a form of the console, for the slices that show it."""

import hashlib
from datetime import datetime
from typing import cast
from uuid import UUID

from flask import current_app

from server.core import ids
from server.core.kept_files.files import PostedFile
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError, staging_file
from server.core.web.unit_of_work import session
from server.kit.files.actions import keep_file
from server.kit.files.content.refusals import FileEmpty, too_large
from server.kit.files.models import AttachedFile
from server.kit.files.rules import FileKind, FileLimits
from server.kit.files.upload.storing import StoredFile, discard, store_file
from server.unions.actor import Actor


def store_posted(posted: PostedFile, limits: FileLimits) -> StoredFile:
    """Check a file and put it into the store. Raises FileRefused, PhotoRefused, StorageError."""
    settings = cast(Settings, current_app.extensions["settings"])
    store, content = cast(ObjectStore, current_app.extensions["object_store"]), posted.content
    most = min(limits.max_bytes, settings.file_max_bytes)
    if len(content) > most:
        raise too_large(most)
    if not content:
        raise FileEmpty
    digest = hashlib.sha256(content).hexdigest()
    try:
        path = staging_file(store.staging)
        path.write_bytes(content)
    except OSError as error:
        raise StorageError from error
    try:
        return store_file(store, settings, path, name=posted.name, size=len(content), sha256=digest, limits=limits)
    finally:
        path.unlink(missing_ok=True)


def attach_posted(
    kind: FileKind,
    subject_id: UUID,
    posted: PostedFile,
    *,
    field: str = "",
    file_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> AttachedFile:
    """Keep a file that came with a form, in the transaction of the request. Raises what storing and keeping raise."""
    stored = store_posted(posted, kind.limits_at(session(), subject_id, field))
    file = keep_file(
        session(), kind, subject_id, stored, file_id=file_id or ids.new_id(), field=field, actor=actor, now=now
    )
    if file.object_id != stored.object_id:
        discard(cast(ObjectStore, current_app.extensions["object_store"]), stored)
    return file
