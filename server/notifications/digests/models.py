"""Tables of digests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class DailyDigest(Base):
    """What waited for a reviewer on the morning of a day: once a day per person, by its key."""

    __tablename__ = "daily_digests"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    waiting: Mapped[int]
    overdue: Mapped[int]
    due_today: Mapped[int]
    rectifications: Mapped[int]
    others: Mapped[dict[str, Any]]  # numbers by kind, waiting.py
    created_at: Mapped[datetime]
