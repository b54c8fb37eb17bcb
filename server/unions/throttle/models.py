"""Table of failed attempts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class FailedAttempt(Base):
    """An attempt at a secret that failed, or is still being checked. Kept for a day."""

    __tablename__ = "failed_attempts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))  # what it was aimed at: account:<name>, invite:<person>, …
    origin: Mapped[str] = mapped_column(String(80))  # where it came from: a known device or an address
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_failed_attempts_subject_at", "subject", "at"),
        Index("ix_failed_attempts_origin_at", "origin", "at"),
        Index("ix_failed_attempts_at", "at"),
    )
