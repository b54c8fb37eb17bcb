"""What the photos wing announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoReceived(Event):
    """A declared photo is here, its original stored. `batch_id`: of what it was declared with later than the report."""

    name: ClassVar[str] = "photos.received"

    submission_id: UUID
    batch_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosCompleted(Event):
    """With it all photos of the batch, or of the report, are here."""

    name: ClassVar[str] = "photos.completed"

    submission_id: UUID
    batch_id: UUID | None
