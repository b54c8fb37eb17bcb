"""Reading what is kept of files, for papers and exports."""

from collections.abc import Iterator
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile, FileState
from server.kit.files.rules import PICTURES
from server.kit.files.serving.keys import PREFIX, object_key
from server.photos.pictures.keys import DERIVED, Variant

READ_AT_ONCE = 5000


def read_file(store: ObjectStore, file: AttachedFile, variant: Variant = Variant.ORIGINAL) -> BinaryIO:
    """The bytes of a file, or of a picture made of it. Raises ObjectMissing, StorageError."""
    return store.open(object_key(file.object_id, variant))


def missing_keys(session: Session, store: ObjectStore) -> list[str]:
    """Which objects ought to be in the store and are not, sorted. Reads the store's listing once."""
    wanted = set(_wanted(session))
    return sorted(wanted - {found.key for found in store.objects(f"{PREFIX}/")})


def _wanted(session: Session) -> Iterator[str]:
    rows = session.execute(select(AttachedFile.object_id, AttachedFile.state, AttachedFile.media_type))
    for object_id, state, media_type in rows.yield_per(READ_AT_ONCE):
        yield object_key(object_id)
        if state is FileState.READY and media_type in PICTURES:
            yield from (object_key(object_id, variant) for variant in DERIVED)
