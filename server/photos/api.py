"""Photos in, from the mini program; photos out, by signed link."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, redirect, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from server.core import clock, ids
from server.core.errors import Forbidden, NotFound
from server.core.web.access import public, requires
from server.core.web.forms import query_params
from server.core.web.limits import day_quota
from server.core.web.schemas import SignedQuery
from server.core.web.unit_of_work import read_only_session, session
from server.photos.originals.queries import list_awaited
from server.photos.originals.receiving import describe, take_original
from server.photos.pictures import links
from server.photos.pictures.keys import Variant, derived_key, original_key
from server.photos.queries import find_original
from server.photos.schemas import (
    ORIGINAL_FORM,
    PIECE,
    UPLOAD_FORM,
    JoinedIn,
    JoinedPhotoIn,
    OriginalOut,
    OriginalsOut,
    PhotoArrival,
    PieceOut,
    PieceQuery,
)
from server.photos.upload.pieces import Joined, add_piece
from server.photos.upload.receiving import settings, store, take_photo
from server.photos.upload.refusals import too_large
from server.unions.actor import current_actor

bp = APIBlueprint("photos", __name__, tag="photos")
VIDEO, VIDEO_TYPE = "video/", "video/mp4"
INCOMPLETE = {409: "还有几段没有传到"}


@bp.post("/api/v1/submissions/<uuid:submission_id>/photos")
@requires("photo.upload")
@day_quota("day_photos", status=200)
@day_quota("day_photo_megabytes", status=200, megabytes=True)
@bp.output(PhotoArrival)
@bp.doc(summary="上传一张照片", operation_id="upload_photo", extensions={"requestBody": UPLOAD_FORM})
def upload_photo(submission_id: UUID) -> PhotoArrival:
    """Take one declared photo."""
    return take_photo(submission_id, current_actor().person_id)


@bp.put("/api/v1/uploads/<uuid:upload_id>")
@requires("photo.upload")
@day_quota("day_photo_megabytes", status=200, megabytes=True)
@bp.input(PieceQuery, location="query", arg_name="query")
@bp.output(PieceOut)
@bp.doc(summary="上传照片或文件的一段", operation_id="upload_piece", extensions={"requestBody": PIECE})
def upload_piece(upload_id: UUID, query: PieceQuery) -> PieceOut:
    """Keep a piece, or say where the file goes on."""
    piece = request.get_data()
    if query.offset + len(piece) > settings().upload_max_bytes:
        raise too_large(settings().upload_max_bytes)
    return PieceOut(received=add_piece(store(), current_actor().person_id, upload_id, query.offset, piece))


@bp.post("/api/v1/submissions/<uuid:submission_id>/photos/joined")
@requires("photo.upload")
@day_quota("day_photos", status=200)
@bp.input(JoinedPhotoIn, arg_name="body")
@bp.output(PhotoArrival)
@bp.doc(summary="一张照片的各段传完了", operation_id="join_photo", responses=INCOMPLETE)
def join_photo(submission_id: UUID, body: JoinedPhotoIn) -> PhotoArrival:
    """Take one declared photo that came in pieces."""
    joined = Joined(body.upload_id, body.size, body.position)
    return take_photo(submission_id, current_actor().person_id, joined)


@bp.post("/api/v1/photos/<uuid:photo_id>/original/joined")
@requires("photo.upload")
@day_quota("day_photos", status=200)
@bp.input(JoinedIn, arg_name="body")
@bp.output(OriginalOut)
@bp.doc(summary="一张照片原图的各段传完了", operation_id="join_original", responses=INCOMPLETE)
def join_original(photo_id: UUID, body: JoinedIn) -> OriginalOut:
    """Take an original that came in pieces."""
    return take_original(photo_id, current_actor().person_id, Joined(body.upload_id, body.size))


@bp.get("/api/v1/photos/originals")
@requires("photo.upload")
@bp.output(OriginalsOut)
@bp.doc(summary="还没有发来的照片原图", operation_id="list_originals")
def list_originals() -> OriginalsOut:
    """Which originals of one's own photos the service waits for."""
    awaited = list_awaited(session(), current_actor().person_id)
    return OriginalsOut(items=[describe(*each) for each in awaited])


@bp.post("/api/v1/photos/<uuid:photo_id>/original")
@requires("photo.upload")
@day_quota("day_photos", status=200)
@day_quota("day_photo_megabytes", status=200, megabytes=True)
@bp.output(OriginalOut)
@bp.doc(summary="上传一张照片的原图", operation_id="upload_original", extensions={"requestBody": ORIGINAL_FORM})
def upload_original(photo_id: UUID) -> OriginalOut:
    """Take what a photo of one's own was made of; the service compares the two."""
    return take_original(photo_id, current_actor().person_id)


@bp.get("/photos/<uuid:photo_id>/<any(original, display, thumbnail, video):name>")
@public  # the signature is the permission
@bp.doc(hide=True)
def show_photo(photo_id: UUID, name: str) -> ResponseReturnValue:
    """Hand out one picture, or a video or the parts of it that a player asks for, to whoever has a link that holds. A
    bad link says nothing about what exists."""
    variant, now = Variant(name), clock.now()
    signed = query_params(SignedQuery)
    if not links.is_valid(settings(), photo_id, variant, signed.e, signed.s, now):
        raise Forbidden("照片的链接已经过期或者无效，请返回上一页刷新。", code="link_invalid")
    key, media_type = _object_of(photo_id, variant)
    if ids.tells_day_only(photo_id):
        return _as_picture(_untimed(key, media_type), seconds=signed.e - int(now.timestamp()))
    path = store().local_path(key)
    if path is None:
        address = store().signed_url(key, *links.period(settings(), now))
        return redirect(str(address), 302)
    response = send_file(path, mimetype=media_type, conditional=True, etag=True)
    return _as_picture(response, seconds=signed.e - int(now.timestamp()))


def _untimed(key: str, media_type: str) -> Response:
    """The picture without a word on when it was put: neither Last-Modified nor an ETag made of it."""
    path = store().local_path(key)
    if path is None:
        with store().open(key) as stream:
            content = stream.read()
        response, size = Response(content, mimetype=media_type), len(content)
    else:
        response, size = send_file(path, mimetype=media_type, conditional=False, etag=False), path.stat().st_size
        response.headers.pop("Last-Modified", None)
    if media_type.startswith(VIDEO):
        try:
            response.make_conditional(request, accept_ranges=True, complete_length=size)
        except RequestedRangeNotSatisfiable:
            response.close()
            raise
    return response


def _object_of(photo_id: UUID, variant: Variant) -> tuple[str, str]:
    """(key, media type). Only originals need the database: their key and type are not known from the id."""
    if variant is not Variant.ORIGINAL:
        return derived_key(photo_id, variant), VIDEO_TYPE if variant is Variant.VIDEO else "image/jpeg"
    with read_only_session() as reader:
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
