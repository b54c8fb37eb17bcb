"""Which declared photo a file is, and how far its batch has come. Pure reckoning over a submission's photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from server.photos.models import PhotoState


class Declared(NamedTuple):
    """What intake needs to know of a photo's row."""

    id: UUID
    position: int
    batch_id: UUID | None
    sha256: str
    size: int
    state: PhotoState
    is_video: bool = False


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How many of a batch have arrived: of the submission's own photos, or of those of one answer."""

    photo_id: UUID
    position: int
    batch_id: UUID | None
    received: int
    expected: int

    @property
    def complete(self) -> bool:
        return self.received == self.expected


def choose(photos: Sequence[Declared], sha256: str, position: int) -> Declared | None:
    """The photo with that hash; among equal ones that at `position`, else the first awaited. None: not declared."""
    equal = [photo for photo in photos if photo.sha256 == sha256]
    exact = [photo for photo in equal if photo.position == position]
    awaited = [photo for photo in equal if photo.state is PhotoState.AWAITED]
    return next(iter([*exact, *awaited, *equal]), None)


def batch_progress(photos: Sequence[Declared], photo: Declared) -> BatchProgress:
    """Where the batch of `photo` stands, counting `photo` itself as arrived."""
    batch = [other for other in photos if other.batch_id == photo.batch_id]
    received = sum(other.state is not PhotoState.AWAITED or other.id == photo.id for other in batch)
    return BatchProgress(photo.id, photo.position, photo.batch_id, received, len(batch))
