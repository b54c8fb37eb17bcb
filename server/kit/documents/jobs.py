"""Making the files of documents, and removing them. Their words are frozen, so that making one twice gives the same."""

from uuid import UUID

from server.core.jobs.models import Priority
from server.core.jobs.registry import GiveUp, JobContext, job
from server.kit.documents.actions import FORGET_JOB, FREEZE_JOB, PDF_JOB, note_pdf
from server.kit.documents.files.pdf import NoPdf, convert
from server.kit.documents.files.store import PDF, file_key, open_docx
from server.kit.documents.models import Document, PdfState


@job(FREEZE_JOB, "生成文书 Word")
def freeze_docx(ctx: JobContext, document_id: UUID) -> None:
    """Make the Word file while everything in it is there."""
    open_docx(ctx.object_store, _load(ctx, document_id)).close()


@job(PDF_JOB, "生成文书 PDF", max_attempts=2)
def make_pdf(ctx: JobContext, document_id: UUID) -> None:
    """Make the PDF of the Word file."""
    with open_docx(ctx.object_store, _load(ctx, document_id)) as file:
        docx = file.read()
    try:
        content = convert(docx, ctx.settings.soffice)
    except NoPdf as error:
        _note(ctx, document_id, PdfState.FAILED)
        raise GiveUp(str(error)) from error
    key = file_key(document_id, "pdf")
    ctx.object_store.put_bytes(key, content, PDF)
    _note(ctx, document_id, PdfState.READY, key)


@job(FORGET_JOB, "删除文书文件", priority=Priority.BULK)
def remove_files(ctx: JobContext, document_id: UUID) -> None:
    """Remove what was made of words that were struck out since."""
    for form in ("docx", "pdf"):
        ctx.object_store.delete(file_key(document_id, form))
    _note(ctx, document_id, None)


def _load(ctx: JobContext, document_id: UUID) -> Document:
    with ctx.database.reading() as session:
        document = session.get(Document, document_id)
    if document is None:
        raise GiveUp("the document is gone")
    return document


def _note(ctx: JobContext, document_id: UUID, state: PdfState | None, key: str | None = None) -> None:
    with ctx.database.transaction() as session:
        note_pdf(session, document_id, state, key)
