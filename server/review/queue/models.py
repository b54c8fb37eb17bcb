"""Tables of the queue: the decisions made on many at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.review.submissions.models import Move


class TriageBatch(Base):
    """One decision made on many submissions by one person. Kept for a while, to show what became of each."""

    __tablename__ = "triage_batches"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the page, so that a repeated request changes nothing
    actor_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id", ondelete="CASCADE"))
    move: Mapped[Move] = mapped_column(named_enum(Move, "move"))
    made_at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]


class TriageItem(Base):
    """What became of one submission of a batch: its version afterwards, or why it was refused."""

    __tablename__ = "triage_items"

    batch_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("triage_batches.id", ondelete="CASCADE"), primary_key=True
    )
    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    version: Mapped[int | None]
    refusal: Mapped[str | None] = mapped_column(Text)
    undo_refusal: Mapped[str | None] = mapped_column(Text)  # why it was left when the batch was undone

    __table_args__ = (CheckConstraint("(version IS NULL) = (refusal IS NOT NULL)", name="done_or_refused"),)
