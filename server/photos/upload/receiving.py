"""A photo's way in, shared by every door that has one: the worker's API and the reviewers' console."""

from typing import cast
from uuid import UUID

import structlog
from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.errors import AppError, NotFound
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.core.web.unit_of_work import database, read_only_session
from server.photos.actions import ask_for_admission, receive_photo
from server.photos.formats import Picture, inspect
from server.photos.models import PhotoState
from server.photos.pictures.keys import original_key
from server.photos.ports import STATUS
from server.photos.queries import find_object_id, list_declared
from server.photos.schemas import PhotoArrival
from server.photos.upload.batch_progress import BatchProgress, Declared, batch_progress, choose
from server.photos.upload.intake import Upload, drain, receiving
from server.photos.upload.pieces import Joined, joining
from server.photos.upload.refusals import PhotoEmpty, PhotoNotDeclared
from server.photos.videos.inspecting import inspect_video

log = structlog.get_logger(__name__)


def store() -> ObjectStore:
    """Where the running application keeps originals."""
    return cast(ObjectStore, current_app.extensions["object_store"])


def settings() -> Settings:
    """The running application's settings."""
    return cast(Settings, current_app.extensions["settings"])


def take_photo(submission_id: UUID, owner_id: UUID, joined: Joined | None = None) -> PhotoArrival:
    """Take one photo that `owner_id` declared with a submission, out of the body of this request or of pieces that
    came before.

    No connection is held while the body comes in, however slow the line is. Raises AppError as `receiving`, `joining`
    and `receive_photo` do; NotFound if nothing of the owner's is declared there.
    """
    max_bytes = settings().photo_max_bytes
    try:
        with read_only_session() as reader:
            ask_for_admission(reader, submission_id, lock=False)
            declared = list_declared(reader, submission_id, owner_id)
            if not declared:
                raise NotFound
            if any(one.is_video for one in declared):
                max_bytes = max(max_bytes, settings().video_max_bytes)
            here = joined and _known(declared, joined.position)
            if here:  # the answer got lost: its pieces are gone
                return _arrival(reader, submission_id, batch_progress(declared, here))
    except AppError:
        drain(request, max_bytes)
        raise
    body = joining(store(), owner_id, joined, max_bytes) if joined else receiving(request, store().staging, max_bytes)
    with body as upload:
        return _keep(upload, submission_id, owner_id, declared)


def _known(declared: list[Declared], position: int) -> Declared | None:
    """The photo at that position, if it is here."""
    return next((one for one in declared if one.position == position and one.state is not PhotoState.AWAITED), None)


def _keep(upload: Upload, submission_id: UUID, owner_id: UUID, declared: list[Declared]) -> PhotoArrival:
    """Check the file and keep it: the object is durable before the row says so. A repeated photo changes nothing."""
    if not upload.size:
        raise PhotoEmpty
    photo = choose(declared, upload.sha256, upload.position)
    if photo is None or photo.size != upload.size:
        raise PhotoNotDeclared
    if photo.state is not PhotoState.AWAITED:
        with read_only_session() as reader:
            declared = list_declared(reader, submission_id, owner_id)
            return _arrival(reader, submission_id, batch_progress(declared, photo))
    picture = _inspect(upload, photo)
    object_id = ids.new_id()
    key = original_key(photo.id, object_id)
    store().put_file(key, upload.path, picture.media_type)
    counts = False
    try:
        with database().transaction() as session:
            progress, counts = receive_photo(
                session,
                submission_id,
                owner_id,
                sha256=upload.sha256,
                position=upload.position,
                picture=picture,
                object_id=object_id,
                now=clock.now(),
            )
            arrival = _arrival(session, submission_id, progress)
    except AppError:
        counts = False  # rolled back
        raise
    except Exception:
        counts = _was_kept(photo.id, object_id)
        raise
    finally:
        if not counts:
            remove_object(key)
    return arrival


def _inspect(upload: Upload, declared: Declared) -> Picture:
    """What it is, by its content. What was declared as a photo must be one, and so with a video."""
    if declared.is_video:
        return inspect_video(upload.path)
    return inspect(upload.path, settings().photo_max_pixels, settings().photo_decode_bytes)


def _arrival(session: Session, submission_id: UUID, progress: BatchProgress) -> PhotoArrival:
    return PhotoArrival(
        position=progress.position,
        received=progress.received,
        expected=progress.expected,
        complete=progress.complete,
        status=next(status_of(session, submission_id) for status_of in STATUS.answers),
    )


def _was_kept(photo_id: UUID, object_id: UUID) -> bool:
    """After a commit that failed without telling how: did it go through? True if nobody can say; the sweep will."""
    try:
        with read_only_session() as reader:
            return find_object_id(reader, photo_id) == object_id
    except SQLAlchemyError:
        return True


def remove_object(key: str) -> None:
    """Take back an object that no row speaks of."""
    try:
        store().delete(key)
    except StorageError:
        log.warning("orphan_left_for_sweep", key=key)
