"""Tables of answers: the one that is being written, and every one that was sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class Outcome(StrEnum):
    """What whoever checks said of an answer."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class Response(Base):
    """The answer of one recipient as it stands now: a draft, or what was sent last.

    `answers` and `skipped` as forms.rules takes them; `text`: what is said beside the form, or instead of one.
    """

    __tablename__ = "responses"

    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"), primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)  # of the draft: grows with every save
    edited_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    correction: Mapped[str | None] = mapped_column(String(500))  # why what was accepted is being corrected


class ResponseVersion(Base):
    """An answer as it was sent. Never changes; what was said of it is added once."""

    __tablename__ = "response_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    recipient_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignment_recipients.id"))
    number: Mapped[int]  # 1, 2, … of this recipient
    answers: Mapped[dict[str, Any]]
    skipped: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64))
    correction: Mapped[str | None] = mapped_column(String(500))  # 更正: why it stands in place of an accepted one
    submitted_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    submitted_at: Mapped[datetime]
    outcome: Mapped[Outcome | None] = mapped_column(named_enum(Outcome, "outcome"))
    remarks: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {path of a field: what is to be corrected}
    remark: Mapped[str | None] = mapped_column(String(500))  # of the whole
    decided_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("recipient_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("length(content_hash) = 64", name="hash_length"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="outcome_is_whole"),
        Index("ix_response_versions_submitted_by", "submitted_by_id"),
    )
