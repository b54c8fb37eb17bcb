"""An original's way in, after the smaller copy of it."""

from uuid import UUID

from flask import request

from server.core import clock, ids
from server.core.errors import AppError
from server.core.web.unit_of_work import database, read_only_session
from server.photos.formats import inspect
from server.photos.models import Photo, PhotoOriginal
from server.photos.originals.actions import find_own, receive_original
from server.photos.originals.comparing import has_same_shape
from server.photos.originals.queries import AWAITED
from server.photos.pictures.keys import original_key
from server.photos.schemas import OriginalOut
from server.photos.upload.intake import Upload, drain, receiving_alone
from server.photos.upload.pieces import Joined, joining
from server.photos.upload.receiving import remove_object, settings, store
from server.photos.upload.refusals import OriginalDiffers, PhotoEmpty


def take_original(photo_id: UUID, owner_id: UUID, joined: Joined | None = None) -> OriginalOut:
    """Take the original of a photo of one's own out of the body of this request, or of pieces that came before; sent
    again, it changes nothing.

    Raises AppError as `receiving_alone` and `joining` do; NotFound without such a photo; OriginalDiffers for another
    file than was declared, or one of another shape.
    """
    max_bytes = settings().photo_max_bytes
    try:
        with read_only_session() as reader:
            photo, original = find_own(reader, photo_id, owner_id)
    except AppError:
        drain(request, max_bytes)
        raise
    if joined and original.state not in AWAITED:  # the answer got lost: its pieces are gone
        return describe(original, photo.submission_id, photo.sha256)
    alone = receiving_alone(request, store().staging, max_bytes)
    with joining(store(), owner_id, joined, max_bytes) if joined else alone as upload:
        if not upload.size:
            raise PhotoEmpty
        if original.state not in AWAITED:
            return describe(original, photo.submission_id, photo.sha256)
        return _keep(upload, photo, original, owner_id)


def describe(original: PhotoOriginal, submission_id: UUID, sha256: str) -> OriginalOut:
    """As its owner may know it."""
    return OriginalOut(
        photo_id=original.photo_id, submission_id=submission_id, sha256=sha256, state=original.state.value,
        is_wanted=original.wanted_at is not None and original.state in AWAITED,
    )  # fmt: skip


def _keep(upload: Upload, photo: Photo, original: PhotoOriginal, owner_id: UUID) -> OriginalOut:
    """The object is durable before the row says so, as with every photo."""
    if upload.size != original.size or original.sha256 not in (None, upload.sha256):
        raise OriginalDiffers
    picture = inspect(upload.path, settings().photo_max_pixels, settings().photo_decode_bytes)
    if not has_same_shape((picture.width, picture.height), (photo.width or 0, photo.height or 0)):
        raise OriginalDiffers
    object_id = ids.new_id()
    key = original_key(photo.id, object_id)
    store().put_file(key, upload.path, picture.media_type)
    counts = False
    try:
        with database().transaction() as session:
            noted, counts = receive_original(
                session, photo.id, owner_id, picture=picture, object_id=object_id, now=clock.now()
            )
            return describe(noted, photo.submission_id, photo.sha256)
    finally:
        if not counts:
            remove_object(key)
