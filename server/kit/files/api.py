"""Files in, from the phone; files out, by signed link."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, current_app, redirect, send_file
from flask.typing import ResponseReturnValue

from server.core import clock
from server.core.errors import Forbidden, Invalid, NotFound
from server.core.ids import is_uuid7
from server.core.web.access import public, requires
from server.core.web.forms import query_params
from server.core.web.headers import sandboxed
from server.core.web.limits import day_quota
from server.core.web.schemas import SignedQuery
from server.core.web.unit_of_work import read_only_session, session
from server.kit.files.models import AttachedFile
from server.kit.files.queries import find_file, list_files
from server.kit.files.schemas import BODIES, DeclaredQuery, FileOut, FilesOut, SubjectQuery
from server.kit.files.serving.keys import object_key
from server.kit.files.serving.links import describe_files, is_valid
from server.kit.files.serving.reading import read_file
from server.kit.files.upload.receiving import drop_file, require_readable, take_file
from server.photos.pictures.keys import Variant
from server.photos.pictures.links import period
from server.photos.schemas import JoinedIn
from server.photos.upload.pieces import Joined
from server.unions.actor import current_actor

bp = APIBlueprint("files", __name__, tag="files")


def _is_known(file_id: UUID) -> bool:
    """Whether the caller sent it before: then the answer is given again, whatever is used up."""
    with read_only_session() as reader:
        file = find_file(reader, file_id)
    return file is not None and file.uploaded_by_id == current_actor().person_id


ONCE = {200: "同样的内容已经收到过", 409: "这个编号下已有别的内容"}


@bp.put("/api/v1/files/<uuid:file_id>")
@requires("file.send")
@day_quota("day_files", status=201, is_known=_is_known)
@day_quota("day_file_megabytes", status=201, megabytes=True, is_known=_is_known)
@bp.input(DeclaredQuery, location="query", arg_name="query")
@bp.output(FileOut, status_code=201)
@bp.doc(summary="上传一个文件或一张照片", operation_id="put_file", responses=ONCE, extensions={"requestBody": BODIES})
def put_file(file_id: UUID, query: DeclaredQuery) -> tuple[FileOut, int]:
    """Keep a file of some row under an id that the client made. The same again: 200."""
    return _take(file_id, query)


@bp.post("/api/v1/files/<uuid:file_id>")
@requires("file.send")
@day_quota("day_files", status=201, is_known=_is_known)
@day_quota("day_file_megabytes", status=201, megabytes=True, is_known=_is_known)
@bp.input(DeclaredQuery, location="query", arg_name="query")
@bp.output(FileOut, status_code=201)
@bp.doc(summary="上传一个文件（表单）", operation_id="post_file", responses=ONCE, extensions={"requestBody": BODIES})
def post_file(file_id: UUID, query: DeclaredQuery) -> tuple[FileOut, int]:
    """The same, for mini programs, which send files by POST alone."""
    return _take(file_id, query)


@bp.post("/api/v1/files/<uuid:file_id>/joined")
@requires("file.send")
@day_quota("day_files", status=201, is_known=_is_known)
@bp.input(DeclaredQuery, location="query", arg_name="query")
@bp.input(JoinedIn, arg_name="body")
@bp.output(FileOut, status_code=201)
@bp.doc(summary="一个文件的各段传完了", operation_id="join_file", responses=ONCE)
def join_file(file_id: UUID, query: DeclaredQuery, body: JoinedIn) -> tuple[FileOut, int]:
    """The same of a file that came in pieces."""
    return _take(file_id, query, Joined(body.upload_id, body.size))


def _take(file_id: UUID, query: DeclaredQuery, joined: Joined | None = None) -> tuple[FileOut, int]:
    if not is_uuid7(file_id):
        raise Invalid("编号格式不对。", fields={"file_id": "要用 UUIDv7"})
    file, is_new = take_file(file_id, query, query.sha256, joined)
    return describe_files([file])[0], 201 if is_new else 200


@bp.get("/api/v1/files")
@requires("file.send")
@bp.input(SubjectQuery, location="query", arg_name="query")
@bp.output(FilesOut)
@bp.doc(summary="一条记录的文件", operation_id="list_files")
def get_files(query: SubjectQuery) -> FilesOut:
    """All of them, by position, with fresh links: as few as the kind lets one have."""
    require_readable(session(), query.subject, query.subject_id)
    return FilesOut(items=describe_files(list_files(session(), query.subject, [query.subject_id])[query.subject_id]))


@bp.delete("/api/v1/files/<uuid:file_id>")
@requires("file.send")
@bp.output({}, status_code=204)
@bp.doc(summary="去掉一个文件", operation_id="delete_file")
def delete_file(file_id: UUID) -> ResponseReturnValue:
    """Take a file off its row."""
    drop_file(file_id)
    return "", 204


@bp.get("/files/<uuid:file_id>/<any(original, display, thumbnail):name>")
@public  # the signature is the permission
@sandboxed
@bp.doc(hide=True)
def send_kept_file(file_id: UUID, name: str) -> ResponseReturnValue:
    """Hand out a file, or a picture made of it, to whoever has a link that holds. A bad link says nothing about what
    exists. What came from outside is saved, never shown: whatever its bytes could mean to a browser."""
    variant, now, settings = Variant(name), clock.now(), current_app.extensions["settings"]
    signed = query_params(SignedQuery)
    if not is_valid(settings, file_id, variant, signed.e, signed.s, now):
        raise Forbidden("文件的链接已经过期或者无效，请返回上一页刷新。", code="link_invalid")
    with read_only_session() as reader:
        file = find_file(reader, file_id)
    if file is None or (variant is not Variant.ORIGINAL and not file.is_shown):
        raise NotFound("这个文件已经不在了。", code="file_gone")
    store = current_app.extensions["object_store"]
    if variant is not Variant.ORIGINAL:
        address = store.signed_url(object_key(file.object_id, variant), *period(settings, now))
        if address is not None:
            return redirect(address, 302)
    response = _answer(file, variant)
    response.headers["Cache-Control"] = f"private, max-age={signed.e - int(now.timestamp())}"
    return response


def _answer(file: AttachedFile, variant: Variant) -> Response:
    content = read_file(current_app.extensions["object_store"], file, variant)
    if variant is Variant.ORIGINAL:
        return send_file(content, mimetype=file.media_type, as_attachment=True, download_name=file.name, etag=False)
    response = send_file(content, mimetype="image/jpeg", etag=False)
    response.headers["Content-Disposition"] = "inline"
    return response
