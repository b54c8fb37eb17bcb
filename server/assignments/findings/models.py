"""Tables of what answers found."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.assignments.forms.schemas import CheckResult
from server.core.db import Base, named_enum

OPEN = text("submission_id IS NULL AND verdict IS NULL")


class Finding(Base):
    """An item that failed, or that nobody there could judge: one for each recipient and item, whatever was answered
    since. What failed is a hazard (`submission_id`); who is competent says of the others what they found.

    `words`, `photos`: what was said and shown of it, as long as it is no hazard yet. The table is called by the kind
    that it was made for."""

    __tablename__ = "inspection_findings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"))
    item: Mapped[str] = mapped_column(String(40))  # the key of the field
    label: Mapped[str] = mapped_column(String(200))
    result: Mapped[CheckResult] = mapped_column(named_enum(CheckResult, "result"))
    words: Mapped[str] = mapped_column(String(500), default="")
    photos: Mapped[list[Any]] = mapped_column(default=list)  # ids of files of the answer
    suspected_major: Mapped[str] = mapped_column(String(200), default="")  # the clause to judge by
    submission_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("submissions.id"), unique=True)
    found_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    found_at: Mapped[datetime]
    verdict: Mapped[CheckResult | None] = mapped_column(named_enum(CheckResult, "verdict"))
    judge: Mapped[str | None] = mapped_column(String(100))  # who judged: name and qualification
    judged_words: Mapped[str | None] = mapped_column(String(500))
    judged_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who noted it down
    judged_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("recipient_id", "item"),
        CheckConstraint("result IN ('failed', 'cannot_judge')", name="failed_or_not_judged"),
        CheckConstraint("verdict IS NULL OR verdict IN ('passed', 'failed')", name="verdict_decides"),
        CheckConstraint(
            "(verdict IS NULL) = (judged_at IS NULL) AND (verdict IS NULL) = (judge IS NULL)", name="verdict_is_whole"
        ),
        Index("ix_inspection_findings_found_by", "found_by_id"),
        Index("ix_inspection_findings_open", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )
