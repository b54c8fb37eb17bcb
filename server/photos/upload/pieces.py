"""A file that comes in pieces: each is kept before it is answered, so that a cut costs the piece on its way alone.

Pieces lie in the object store, where every web process finds them, under names that only their owner's requests lead
to. They are appended one after the other; which are here says how far the file is, so there is no row to keep in step.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.core.errors import AppError
from server.core.storage.base import ObjectMissing, ObjectStore
from server.core.storage.orphans import remove_orphans
from server.photos.upload.intake import Upload, putting_together
from server.photos.upload.refusals import UploadIncomplete

FOLDER = "pieces"
BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Joined:
    """A file that came in pieces, as the door is told of it: which, how large, and the how-manieth photo."""

    upload_id: UUID
    size: int
    position: int = 0


@dataclass(frozen=True, slots=True, order=True)
class _Piece:
    offset: int
    length: int
    key: str

    @property
    def end(self) -> int:
        return self.offset + self.length


def add_piece(store: ObjectStore, owner_id: UUID, upload_id: UUID, offset: int, content: bytes) -> int:
    """Keep a piece that begins where the file ends so far; how far it is now. Any other piece changes nothing: its
    sender learns from the answer where to go on."""
    reach = _reach(_pieces(store, owner_id, upload_id))
    if offset != reach or not content:
        return reach
    store.put_bytes(f"{_name(owner_id, upload_id)}{offset:010d}-{len(content)}", content, BINARY)
    return reach + len(content)


@contextmanager
def joining(store: ObjectStore, owner_id: UUID, joined: Joined, max_bytes: int) -> Iterator[Upload]:
    """The pieces as one file in the staging folder. They go when it was taken or refused, and stay where the same may
    succeed later. Raises UploadIncomplete if they are not all here; 413 over `max_bytes`."""
    pieces = _pieces(store, owner_id, joined.upload_id)
    if _reach(pieces) != joined.size:
        _remove(store, pieces)  # another file's size, or some were swept: it begins anew
        raise UploadIncomplete
    try:
        with putting_together(_content(store, pieces), store.staging, max_bytes, joined.position) as upload:
            yield upload
    except AppError as refusal:
        if not refusal.is_outage:
            _remove(store, pieces)
        raise
    _remove(store, pieces)


def sweep_pieces(store: ObjectStore, shard: str, before: datetime) -> int:
    """Remove pieces of files that nobody finished. Returns how many."""
    return remove_orphans(store, f"{FOLDER}/{shard}/", before, lambda _: set())


def _name(owner_id: UUID, upload_id: UUID) -> str:
    """What the keys of its pieces begin with. A hash: neither whose it is nor which can be read off a key."""
    digest = hashlib.sha256(owner_id.bytes + upload_id.bytes).hexdigest()
    return f"{FOLDER}/{digest[:2]}/{digest}."


def _pieces(store: ObjectStore, owner_id: UUID, upload_id: UUID) -> list[_Piece]:
    name = _name(owner_id, upload_id)
    found = []
    for stored in store.objects(name):
        offset, _, length = stored.key.removeprefix(name).partition("-")
        found.append(_Piece(int(offset), int(length), stored.key))
    return sorted(found)


def _reach(pieces: list[_Piece]) -> int:
    """Up to where the file is here without a gap. Two may overlap: a piece that was given up came after all."""
    reach = 0
    for piece in pieces:
        if piece.offset > reach:
            break
        reach = max(reach, piece.end)
    return reach


def _content(store: ObjectStore, pieces: list[_Piece]) -> Iterator[bytes]:
    reach = 0
    for piece in pieces:
        if piece.end > reach:
            try:
                with store.open(piece.key) as stream:
                    content = stream.read()
            except ObjectMissing as error:  # the same request came twice, and the other one was faster
                raise UploadIncomplete from error
            yield content[reach - piece.offset :]
            reach = piece.end


def _remove(store: ObjectStore, pieces: list[_Piece]) -> None:
    for piece in pieces:
        store.delete(piece.key)
