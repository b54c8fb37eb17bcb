"""Table of failed attempts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class FailedAttempt(Base):
    """An attempt at a secret that failed, or is still being checked. Kept for a day."""

    __tablename__ = "guesses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))  # what is guessed at: account:<name>, invite:<person>, …
    origin: Mapped[str] = mapped_column(String(80))  # who guesses: a known device or an address
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_guesses_subject_at", "subject", "at"),
        Index("ix_guesses_origin_at", "origin", "at"),
        Index("ix_guesses_at", "at"),
    )
