"""Table of what reporters themselves say about their report being the same as another."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class DuplicateClaim(Base):
    """A report was sent to add photos to one that somebody had sent before.

    It says nothing of itself: a reviewer sees both and merges them, or does not. Then its sender reports jointly.
    """

    __tablename__ = "duplicate_claims"

    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    target_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), index=True)

    __table_args__ = (CheckConstraint("submission_id <> target_id", name="not_itself"),)
