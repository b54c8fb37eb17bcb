"""The table of excerpts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Excerpt(Base):
    """A passage, or the photos, of one union's answer, in what is compiled of all: whatever its accepted answer says
    there at the moment, so that corrections come along."""

    __tablename__ = "assignment_excerpts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignments.id"))
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"))
    field: Mapped[str] = mapped_column(String(40))
    place: Mapped[int]  # in the order of what is compiled
    picked_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    picked_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("recipient_id", "field"),
        CheckConstraint("place >= 1", name="place_from_one"),
        Index("ix_assignment_excerpts_assignment", "assignment_id", "place"),
    )
