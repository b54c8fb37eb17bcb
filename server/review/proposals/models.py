"""The table of proposals to reviewers."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level
from server.review.submissions.models import Move


class ProposalState(StrEnum):
    WAITING = "waiting"  # the machine is being asked
    MADE = "made"
    FAILED = "failed"  # `fault` says why in words


class ReviewProposal(AncestorColumns, Base):
    """What a machine proposed for a hazard, whether it was taken into the form, and what was decided then.

    Neither who asked nor who took it is here: this is about the machine. The audit log knows.
    """

    __tablename__ = "review_proposals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"))
    state: Mapped[ProposalState] = mapped_column(named_enum(ProposalState, "state"))
    grade: Mapped[int | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    fault: Mapped[str | None] = mapped_column(String(200))
    asked_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    decision: Mapped[Move | None] = mapped_column(named_enum(Move, "decision"))
    decided_grade: Mapped[int | None]
    is_reply_kept: Mapped[bool | None]  # whether the reply went out word for word

    __table_args__ = (
        CheckConstraint("(state = 'failed') = (fault IS NOT NULL)", name="failed_with_words"),
        CheckConstraint("state = 'made' OR (grade IS NULL AND reply = '')", name="proposes_when_made"),
        CheckConstraint("taken_at IS NULL OR state = 'made'", name="taken_when_made"),
        CheckConstraint("(decision IS NULL) = (is_reply_kept IS NULL)", name="decision_is_whole"),
        Index("ix_review_proposals_submission", "submission_id", "id"),
        *index_each_level("ix_review_proposals_{level}", "{level}_id", "id"),
    )
