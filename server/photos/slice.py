"""What the camera gave."""

from server.core.slice import AuditWords, PersonalRows, Slice, StoredFile, owned_by
from server.photos.events import PhotoReceived, PhotosCompleted
from server.photos.models import Photo, PhotoState
from server.photos.pictures.keys import Variant, derived_key


def _shown(photo: Photo) -> Variant:
    """What its owner gets of it."""
    return Variant.VIDEO if photo.is_video else Variant.DISPLAY


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
            stored=StoredFile(
                there=Photo.state == PhotoState.READY,
                name=lambda photo: (
                    f"照片/{photo.submission_id}/{photo.position + 1}.{'mp4' if photo.is_video else 'jpg'}"
                ),
                key=lambda photo: derived_key(photo.id, _shown(photo)),
            ),
        ),
    ),
    events=(PhotoReceived, PhotosCompleted),
)
