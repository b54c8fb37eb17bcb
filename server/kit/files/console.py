"""Files of the console: sent by a script one by one, so that a form that is refused has them already."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from server.core.errors import Invalid, NotFound
from server.core.ids import is_uuid7
from server.core.kept_files.files import let_in
from server.core.web.access import requires
from server.core.web.forms import strict_query_params
from server.core.web.limits import day_quota
from server.core.web.unit_of_work import session
from server.kit.files.queries import find_file
from server.kit.files.schemas import ArrivalQuery
from server.kit.files.serving.links import signed_file_url
from server.kit.files.texts import limits_words, size_words
from server.kit.files.upload.receiving import drop_file, require_readable, take_file

bp = Blueprint("files_console", __name__, url_prefix="/console/files", template_folder="templates")


@bp.url_value_preprocessor
def _take_files(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Files are bigger than forms."""
    let_in(current_app.extensions["settings"].file_max_bytes)


@bp.post("/<uuid:file_id>")
@requires("file.use")
@day_quota("day_files", status=201)
@day_quota("day_file_megabytes", status=201, megabytes=True)
def put_file(file_id: UUID) -> ResponseReturnValue:
    """Keep a file: the body, under an id that the page made. Answers with its line of the list."""
    if not is_uuid7(file_id):
        raise Invalid("编号格式不对。", fields={"file_id": "要用 UUIDv7"})
    file, is_new = take_file(file_id, strict_query_params(ArrivalQuery))
    return render_template("files/_file.html", file=file, may_write=True), 201 if is_new else 200


@bp.post("/<uuid:file_id>/removal")
@requires("file.use")
def remove_file(file_id: UUID) -> ResponseReturnValue:
    """Take a file off its row."""
    drop_file(file_id)
    return "", 204


@bp.get("/<uuid:file_id>")
@requires("file.use")
def open_file(file_id: UUID) -> ResponseReturnValue:
    """To a fresh link, for pages that have stood open for longer than theirs hold."""
    file = find_file(session(), file_id)
    if file is None:
        raise NotFound
    require_readable(session(), file.subject, file.subject_id)
    return redirect(str(signed_file_url(file)), code=302)


bp.add_app_template_global(signed_file_url, "file_url")  # what the macros of files/field.html ask for
bp.add_app_template_global(size_words, "file_size")
bp.add_app_template_global(limits_words, "file_limits")
