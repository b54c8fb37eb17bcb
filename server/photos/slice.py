"""What the camera gave."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.photos.events import PhotoReceived, PhotosCompleted
from server.photos.models import Photo

SLICE = Slice(
    audit=AuditWords(
        subjects={"photo": "照片"},
    ),
    personal=(
        PersonalRows(
            model=Photo,
            rows=owned_by(Photo.owner_id),
            title="照片",
            hidden=frozenset({"object_id"}),
            is_counted=True,
            blanked={"device": None, "latitude": None, "longitude": None},
        ),
    ),
    events=(PhotoReceived, PhotosCompleted),
)
