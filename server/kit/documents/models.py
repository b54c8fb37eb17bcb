"""Tables of documents and of their numbers."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class PdfState(StrEnum):
    """What became of the PDF that was asked for."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Document(Base):
    """A document that was issued, of a row of the slice that declares its kind. Its words never change.

    The hash is over the words, the number and the day; it is in the audit log too.
    """

    __tablename__ = "documents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))  # the name of a DocumentKind
    owner_id: Mapped[UUID]  # the row that it is of, in the table of its kind's slice
    issuer_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    number: Mapped[str] = mapped_column(String(60))  # as it is written: 青工提〔2026〕3号
    words: Mapped[str] = mapped_column(Text)  # JSON, see papers.kinds.Paper
    content_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    pdf_state: Mapped[PdfState | None] = mapped_column(named_enum(PdfState, "pdf_state"))
    pdf_key: Mapped[str | None] = mapped_column(String(200))  # where it lies in the object store

    __table_args__ = (
        UniqueConstraint("issuer_id", "kind", "number"),
        CheckConstraint("length(content_hash) = 64", name="hash_length"),
        CheckConstraint(
            "(pdf_key IS NOT NULL) = (pdf_state IS NOT NULL AND pdf_state = 'ready')", name="kept_when_ready"
        ),
        Index("ix_documents_owner", "kind", "owner_id"),
        Index("ix_documents_number", "number"),
    )


class DocumentSeries(Base):
    """The last number that a union gave in one series of documents in a year. Its row is the lock on numbers."""

    __tablename__ = "document_series"

    issuer_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
