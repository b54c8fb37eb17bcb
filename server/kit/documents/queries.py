"""Reads of documents."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import DocumentKind


def list_documents(session: Session, kind: DocumentKind, owner_id: UUID) -> Sequence[Document]:
    """The documents of a row, newest first."""
    return session.scalars(
        select(Document)
        .where(Document.kind == kind.name, Document.owner_id == owner_id)
        .order_by(Document.issued_at.desc(), Document.id.desc())
    ).all()


def last_mark(session: Session, kind: DocumentKind, issuer_id: UUID) -> str | None:
    """The 代字 under which the union issued its last one of a kind, without the year."""
    last = session.scalar(
        select(Document.number)
        .where(Document.kind == kind.name, Document.issuer_id == issuer_id)
        .order_by(Document.issued_at.desc())
        .limit(1)
    )
    return last.split("〔")[0] if last is not None else None


def find_document(session: Session, kind: DocumentKind, owner_id: UUID) -> Document | None:
    """The newest one of a row."""
    return next(iter(list_documents(session, kind, owner_id)), None)
