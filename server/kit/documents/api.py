"""The door to the files of documents for whoever has a signed link. Who gets one, the slice decides."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, current_app

from server.core import clock
from server.core.errors import Forbidden, NotFound
from server.core.web.access import public
from server.core.web.forms import query_params
from server.core.web.headers import sandboxed
from server.core.web.unit_of_work import read_only_session
from server.kit.documents.files.downloads import send_docx, send_pdf
from server.kit.documents.files.links import is_valid
from server.kit.documents.models import Document
from server.kit.documents.schemas import PaperQuery

bp = APIBlueprint("papers", __name__, tag="files")


@bp.get("/papers/<uuid:document_id>/<any(docx, pdf):form>")
@public  # the signature is the permission
@sandboxed
@bp.doc(hide=True)
def send_paper(document_id: UUID, form: str) -> Response:
    """Hand out a document's file. On record, for whom the link was made. A bad link says nothing about what exists."""
    settings, signed = current_app.extensions["settings"], query_params(PaperQuery)
    if not is_valid(settings, document_id, form, signed.p, signed.e, signed.s, clock.now()):
        raise Forbidden("文件的链接已经过期或者无效，请返回上一页刷新。", code="link_invalid")
    with read_only_session() as reader:
        document = reader.get(Document, document_id)
    if document is None:
        raise NotFound("这个文件已经不在了。", code="file_gone")
    return (send_docx if form == "docx" else send_pdf)(document, by_id=signed.p)
