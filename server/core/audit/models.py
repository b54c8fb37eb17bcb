"""Tables of the audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class AuditSeal(Base):
    """A seal over a batch of rows: the hash of its rows and of the seal before."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rows: Mapped[int]
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
    seal_number: Mapped[int | None] = mapped_column(ForeignKey("audit_seals.number"), index=True)

    __table_args__ = (
        Index("ix_audit_entries_actor_id_id", "actor_id", "id"),
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entries_action_id", "action", "id"),
    )
