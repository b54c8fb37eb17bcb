"""Tables of the audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.audit.triggers import guard
from server.core.db import Base


class AuditSeal(Base):
    """A seal over a batch of rows: the hash of its rows and of the seal before. Never changed or removed."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[int]
    digests: Mapped[bytes] = mapped_column(LargeBinary)  # per row, by id: 16 bytes of id, 32 of SHA-256
    through: Mapped[datetime]  # every row then to be seen and older than this has been sealed
    hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class AuditEntry(Base):
    """Something that somebody did or saw. Appended, sealed once, never changed or removed (triggers see to it)."""

    __tablename__ = "audit_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    action: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[UUID | None]
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
    request_id: Mapped[str] = mapped_column(String(36), default="")
    address: Mapped[str] = mapped_column(String(45), default="")
    seal_number: Mapped[int | None] = mapped_column(ForeignKey("audit_seals.number"))

    __table_args__ = (
        Index("ix_audit_entries_seal_number_id", "seal_number", "id"),
        Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entries_action_id", "action", "id"),
    )


guard(AuditSeal.__table__, AuditEntry.__table__)
