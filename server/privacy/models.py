"""Tables of exports and erasures."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class ExportState(StrEnum):
    MAKING = "making"
    READY = "ready"


class DataExport(Base):
    """A copy of one's own data, made by a job and removed when it has expired."""

    __tablename__ = "data_exports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), unique=True)  # one at a time
    state: Mapped[ExportState] = mapped_column(named_enum(ExportState, "export_state"))
    size: Mapped[int | None]
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (
        CheckConstraint("(state = 'ready') = (expires_at IS NOT NULL)", name="expires_when_ready"),
        CheckConstraint("(state = 'ready') = (size IS NOT NULL)", name="sized_when_ready"),
    )


class Erasure(Base):
    """Somebody wants to be forgotten. Until `due_at` they may think better of it; then the row alone remains."""

    __tablename__ = "erasures"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), unique=True)
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_erasures_due", "due_at", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
        ),
    )
