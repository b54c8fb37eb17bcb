"""Doors to documents, for the pages of the slices that declare them. Who may see a document, the slice asks first."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Response, current_app, send_file

from server.core import clock
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.text import clean_line
from server.core.web.unit_of_work import independent_transaction
from server.kit.documents.files.pdf import is_present
from server.kit.documents.files.store import DOCX, PDF, open_docx
from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import DocumentKind, kind_called
from server.unions.actor import current_actor


def has_office() -> bool:
    """Whether PDFs can be made here."""
    return is_present(cast(Settings, current_app.extensions["settings"]).soffice)


def require_office() -> None:
    """Raises Conflict where PDFs cannot be made. To be asked after who may see the paper."""
    if not has_office():
        raise Conflict("这里还不能生成 PDF，请下载 Word 文件。", code="no_pdf_here")


def send_docx(document: Document, *, by_id: UUID | None = None) -> Response:
    """The Word file of an issued document. On record, for whoever asks or `by_id`."""
    content = open_docx(_store(), document)
    note_download(kind_called(document.kind), document.owner_id, document.number, "docx", by_id)
    return answer_file(content, DOCX, f"{document.number}.docx")


def send_pdf(document: Document | None, *, by_id: UUID | None = None) -> Response:
    """The PDF, once it was made. On record likewise. Raises NotFound before."""
    if document is None or document.pdf_key is None:
        raise NotFound("PDF 还没有生成。", code="no_pdf_yet")
    content = _store().open(document.pdf_key)
    note_download(kind_called(document.kind), document.owner_id, document.number, "pdf", by_id)
    return answer_file(content, PDF, f"{document.number}.pdf")


def answer_file(content: BinaryIO, media_type: str, name: str) -> Response:
    """A file as a download."""
    return send_file(content, mimetype=media_type, as_attachment=True, download_name=clean_line(name), max_age=0)


def note_download(
    kind: DocumentKind, owner_id: UUID, number: str | None, form: str, by_id: UUID | None = None
) -> None:  # fmt: skip
    """Put a download on record; a draft has no number yet."""
    note_downloads(kind, [owner_id], {"number": number, "form": form}, by_id)


def note_downloads(
    kind: DocumentKind, owner_ids: Iterable[UUID], detail: Mapping[str, Any], by_id: UUID | None = None
) -> None:
    """The same of papers of several rows, which left in one file."""
    actor_id, now = by_id or current_actor().person_id, clock.now()
    with independent_transaction() as writer:
        for owner_id in owner_ids:
            record(
                writer, kind.downloaded, subject_type=kind.subject_type, subject_id=owner_id, actor_id=actor_id,
                at=now, detail=dict(detail),
            )  # fmt: skip


def _store() -> ObjectStore:
    return cast(ObjectStore, current_app.extensions["object_store"])
