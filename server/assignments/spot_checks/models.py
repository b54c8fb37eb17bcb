"""Tables of what unions check again by a draw."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


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
    """One of those that were drawn: the union's own answers to the form that it got; a draft until it is checked."""

    __tablename__ = "spot_checks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("spot_draws.id"))
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"))
    place: Mapped[int]  # in the draw
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)  # of the draft: grows with every save
    edited_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime | None]
    checked_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    checked_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("draw_id", "recipient_id"),
        UniqueConstraint("draw_id", "place"),
        CheckConstraint("place >= 1", name="place_from_one"),
        CheckConstraint("(checked_at IS NULL) = (checked_by_id IS NULL)", name="check_is_whole"),
        Index("ix_spot_checks_recipient", "recipient_id"),
    )
