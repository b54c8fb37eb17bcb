"""Writes of documents: numbering and issuing one, asking for its PDF, forgetting its files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.jobs.actions import enqueue
from server.kit.documents.models import Document, DocumentSeries, PdfState
from server.kit.documents.papers.kinds import DocumentKind, freeze, hash_paper
from server.kit.numbers.actions import count_up
from server.unions.actor import Actor

_SERIES = cast(Table, DocumentSeries.__table__)
FREEZE_JOB, PDF_JOB, FORGET_JOB = "documents.freeze", "documents.make_pdf", "documents.remove_files"


def next_number(session: Session, series: str, *, issuer_id: UUID, year: int, used_before: int = 0) -> int:
    """The union's next number in a series of that year, without gaps. Its row stays locked until the transaction ends:
    take it last. `used_before`: the last number that was given elsewhere, before the series began here."""
    return count_up(session, _SERIES, start=used_before + 1, issuer_id=issuer_id, series=series, year=year)


def issue_document(
    session: Session,
    kind: DocumentKind,
    *,
    owner_id: UUID,
    issuer_id: UUID,
    number: str,
    words: Mapping[str, Any],
    actor: Actor | None,
    now: datetime,
) -> Document:
    """Keep what the document says from now on. A job makes its file, unless somebody asks for it before. Not flushed:
    a move makes several changes before it is."""
    frozen = freeze(words)
    document = Document(
        id=ids.new_id(), kind=kind.name, owner_id=owner_id, issuer_id=issuer_id, number=number, words=frozen,
        content_hash=hash_paper(frozen, number, day_of(now)), issued_at=now,
        issued_by_id=actor.person_id if actor is not None else None,
    )  # fmt: skip
    session.add(document)
    enqueue(session, FREEZE_JOB, document_id=document.id)
    return document


def ask_for_pdf(session: Session, document: Document) -> None:
    """Have the PDF made by a job. Asking again while it is made, or is there, changes nothing."""
    session.refresh(document, with_for_update=True)
    if document.pdf_state in (PdfState.WAITING, PdfState.READY):
        return
    document.pdf_state = PdfState.WAITING
    session.flush()
    enqueue(session, PDF_JOB, document_id=document.id)


def note_pdf(session: Session, document_id: UUID, state: PdfState | None, key: str | None = None) -> None:
    """Keep what became of the PDF; `key` is where it lies, once it is ready."""
    document = session.get_one(Document, document_id)
    document.pdf_state, document.pdf_key = state, key
    session.flush()


def forget_files(session: Session, those: ColumnElement[bool]) -> None:
    """Remove the files of documents whose words were struck out: they are made anew when somebody asks for them."""
    for document_id in session.scalars(select(Document.id).where(those)).all():
        enqueue(session, FORGET_JOB, document_id=document_id)
