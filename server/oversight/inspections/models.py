"""Tables of inspections: what was found, and what unions check again by a draw."""

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
    since. What failed is a hazard (`submission_id`); who is competent says of the others what they found."""

    __tablename__ = "inspection_findings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"))
    item: Mapped[str] = mapped_column(String(40))  # the key of the field
    label: Mapped[str] = mapped_column(String(200))
    result: Mapped[CheckResult] = mapped_column(named_enum(CheckResult, "result"))
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


class SpotDraw(Base):
    """A draw of those whom a union checks itself. The seed is fixed, and its hash shown, before the list is."""

    __tablename__ = "spot_draws"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignments.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # of whose subtree is drawn
    seed: Mapped[str] = mapped_column(String(64))  # kept to itself until the draw
    terms: Mapped[dict[str, Any]]
    entrants: Mapped[list[Any]] = mapped_column(default=list)  # ids of recipients in the order of their hashes
    promised_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    promised_at: Mapped[datetime]
    drawn_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    drawn_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(drawn_at IS NULL) = (drawn_by_id IS NULL)", name="draw_is_whole"),
        Index("ix_spot_draws_assignment", "assignment_id", "id"),
    )


class SpotCheck(Base):
    """One enterprise that was drawn: the union's own answers to the form that the enterprise was asked."""

    __tablename__ = "spot_checks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("spot_draws.id"))
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"))
    place: Mapped[int]  # in the draw
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checked_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    checked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("draw_id", "recipient_id"),
        UniqueConstraint("draw_id", "place"),
        CheckConstraint("place >= 1", name="place_from_one"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="check_is_whole"),
        Index("ix_spot_checks_recipient", "recipient_id"),
    )
