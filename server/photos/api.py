"""Photos in, from the mini program; photos out, by signed link."""

from typing import cast
from uuid import UUID

import structlog
from apiflask import APIBlueprint
from flask import Response, current_app, redirect, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.core import clock, ids
from server.core.errors import AppError, Forbidden, NotFound
from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.core.web.access import public, requires
from server.core.web.unit_of_work import database, peek
from server.photos import links
from server.photos.actions import ask_for_admission, receive_photo
from server.photos.formats import inspect
from server.photos.intake import Upload, drain, receiving
from server.photos.keys import Variant, derived_key, original_key
from server.photos.models import PhotoState
from server.photos.queries import find_object_id, find_original, get_status, list_declared
from server.photos.refusals import PhotoEmpty, PhotoNotDeclared
from server.photos.schemas import UPLOAD_FORM, PhotoArrival
from server.photos.standing import Declared, Standing, choose, standing_of
from server.unions.actor import current_actor

log = structlog.get_logger(__name__)
bp = APIBlueprint("photos", __name__, tag="photos")


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _store() -> ObjectStore:
    return cast(ObjectStore, current_app.extensions["object_store"])


@bp.post("/api/v1/submissions/<uuid:submission_id>/photos")
@requires("photo.upload")
@bp.output(PhotoArrival)
@bp.doc(summary="上传一张照片", operation_id="upload_photo", extensions={"requestBody": UPLOAD_FORM})
def upload_photo(submission_id: UUID) -> PhotoArrival:
    """Take one declared photo. No connection is held while the body comes in, however slow the phone is."""
    owner_id = current_actor().person_id
    settings = _settings()
    try:
        with peek() as reader:
            ask_for_admission(reader, submission_id, owner_id, now=clock.now(), lock=False)
            declared = list_declared(reader, submission_id, owner_id)
        if not declared:
            raise NotFound
    except AppError:
        drain(request, settings.photo_max_bytes)
        raise
    with receiving(request, _store().staging, settings.photo_max_bytes) as upload:
        return _take(upload, submission_id, owner_id, declared)


def _take(upload: Upload, submission_id: UUID, owner_id: UUID, declared: list[Declared]) -> PhotoArrival:
    """Check the file and keep it: the object is durable before the row says so. A repeated photo changes nothing."""
    if not upload.size:
        raise PhotoEmpty
    photo = choose(declared, upload.sha256, upload.position)
    if photo is None or photo.size != upload.size:
        raise PhotoNotDeclared
    if photo.state is not PhotoState.AWAITED:
        with peek() as reader:
            return _arrival(reader, submission_id, standing_of(list_declared(reader, submission_id, owner_id), photo))
    picture = inspect(upload.path, _settings().photo_max_pixels)
    object_id = ids.new_id()
    key = original_key(photo.id, object_id)
    _store().put_file(key, upload.path, picture.media_type)
    counts = False
    try:
        with database().transaction() as session:
            standing, counts = receive_photo(
                session,
                submission_id,
                owner_id,
                sha256=upload.sha256,
                position=upload.position,
                picture=picture,
                object_id=object_id,
                now=clock.now(),
            )
            arrival = _arrival(session, submission_id, standing)
    except AppError:
        counts = False  # rolled back
        raise
    except Exception:
        counts = _was_kept(photo.id, object_id)
        raise
    finally:
        if not counts:
            _remove(key)
    return arrival


def _arrival(session: Session, submission_id: UUID, standing: Standing) -> PhotoArrival:
    return PhotoArrival(
        position=standing.position,
        received=standing.received,
        expected=standing.expected,
        complete=standing.complete,
        status=get_status(session, submission_id),
    )


def _was_kept(photo_id: UUID, object_id: UUID) -> bool:
    """After a commit that failed without telling how: did it go through? True if nobody can say; the sweep will."""
    try:
        with peek() as reader:
            return find_object_id(reader, photo_id) == object_id
    except SQLAlchemyError:
        return True


def _remove(key: str) -> None:
    try:
        _store().delete(key)
    except StorageError:
        log.warning("orphan_left_for_sweep", key=key)


@bp.get("/photos/<uuid:photo_id>/<any(original, display, thumbnail):name>")
@public  # the signature is the permission
@bp.doc(hide=True)
def show_photo(photo_id: UUID, name: str) -> ResponseReturnValue:
    """Hand out one picture to whoever has a link that holds. A bad link says nothing about what exists."""
    variant, settings, now = Variant(name), _settings(), clock.now()
    end = request.args.get("e", "")
    end_at = int(end) if end.isascii() and end.isdigit() and len(end) <= 12 else 0
    if not links.is_valid(settings, photo_id, variant, end_at, request.args.get("s", ""), now):
        raise Forbidden("照片的链接已经过期或者无效，请返回上一页刷新。", code="link_invalid")
    key, media_type = _object_of(photo_id, variant)
    if ids.tells_day_only(photo_id):
        return _as_picture(_untimed(key, media_type), seconds=end_at - int(now.timestamp()))
    path = _store().local_path(key)
    if path is None:
        address = _store().signed_url(key, *links.period(settings, now))
        return redirect(str(address), 302)
    response = send_file(path, mimetype=media_type, conditional=True, etag=True)
    return _as_picture(response, seconds=end_at - int(now.timestamp()))


def _untimed(key: str, media_type: str) -> Response:
    """The picture without a word on when it was put: neither Last-Modified nor an ETag made of it."""
    path = _store().local_path(key)
    if path is None:
        with _store().open(key) as stream:
            return Response(stream.read(), mimetype=media_type)
    response = send_file(path, mimetype=media_type, conditional=False, etag=False)
    response.headers.pop("Last-Modified", None)
    return response


def _object_of(photo_id: UUID, variant: Variant) -> tuple[str, str]:
    """(key, media type). Only originals need the database: their key and type are not known from the id."""
    if variant is not Variant.ORIGINAL:
        return derived_key(photo_id, variant), "image/jpeg"
    with peek() as reader:
        original = find_original(reader, photo_id)
    if original is None:
        raise NotFound
    return original_key(photo_id, original.object_id), original.media_type


def _as_picture(response: Response, seconds: int) -> Response:
    """Nothing but a picture, whatever else its bytes could mean; for this browser alone, while the link holds."""
    response.headers["Cache-Control"] = f"private, max-age={seconds}"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
