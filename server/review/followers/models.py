"""Table of those who follow somebody else's submission, of their own accord or because theirs was merged into it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base

OWN_ACCORD = text("merged_id IS NULL")


class Follow(Base):
    """One reason why a person hears of a submission that they did not send.

    There is one row of a person's own accord (“我也看到了”) and one for each submission merged into this one. Those of
    a merge go when it is undone. The sender of what was merged is a joint reporter (`is_joint`), nobody else, and
    shares the award once a reviewer there has confirmed it (`confirmed_at`). `joined_at` is when the person made the
    hazard known, which gives joint reporters their order: when theirs had arrived.
    """

    __tablename__ = "submission_follows"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # UUIDv7: the order of the worker's list
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    merged_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"))
    is_joint: Mapped[bool]
    joined_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    followed_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_submission_follows_own_accord",
            "submission_id",
            "person_id",
            unique=True,
            sqlite_where=OWN_ACCORD,
            postgresql_where=OWN_ACCORD,
        ),
        Index("uq_submission_follows_merged", "merged_id", "person_id", unique=True),
        Index("ix_submission_follows_submission", "submission_id", "person_id"),
        Index("ix_submission_follows_person", "person_id", "id"),
    )
