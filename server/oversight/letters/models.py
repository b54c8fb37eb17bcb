"""Tables of the three letters of a union's right: 提示函, 意见书, 建议书."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import WIDE, AncestorColumns, index_each_level


class LetterKind(StrEnum):
    """Which of the three."""

    NOTICE = "notice"  # 提示函
    OPINION = "opinion"  # 意见书
    PROPOSAL = "proposal"  # 建议书


class LetterStatus(StrEnum):
    """States of a letter. That an issued one is overdue follows from its date and is no state of its own."""

    DRAFT = "draft"
    ISSUED = "issued"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class LetterMove(StrEnum):
    """What can be done to a letter."""

    DRAFT = "draft"
    EDIT = "edit"
    ISSUE = "issue"
    DISCARD = "discard"
    REPLY = "reply"  # the addressee's own reviewer, at the console
    RECORD_REPLY = "record_reply"  # the issuer, from paper
    WITHDRAW = "withdraw"


class Letter(AncestorColumns, Base):
    """A letter of a union. Once issued, its words are frozen as a document. Lies where its addressee lies."""

    __tablename__ = "letters"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[LetterKind] = mapped_column(named_enum(LetterKind, "kind"))
    status: Mapped[LetterStatus] = mapped_column(named_enum(LetterStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    issuer_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    issuer_name: Mapped[str] = mapped_column(String(100))
    addressee_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    addressee_name: Mapped[str] = mapped_column(
        String(100)
    )  # as it stands in the letter: the enterprise, its management

    mark: Mapped[str] = mapped_column(String(10))  # 发文代字 of the issuer, such as 青工
    year: Mapped[int | None]
    number: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    reply_days: Mapped[int]  # working days for the reply, from the day of issue

    drafted_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    issued_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    issued_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    due_on: Mapped[date | None]  # the day of `due_at` in Shanghai, to compare with the day of the reply

    reply: Mapped[str | None] = mapped_column(Text)
    replied_by: Mapped[str | None] = mapped_column(String(50))  # who signed for the enterprise
    replied_on: Mapped[date | None]
    is_paper: Mapped[bool | None]  # taken down by the union from paper
    reply_recorded_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("(status = 'draft') = (number IS NULL)", name="numbered_when_issued"),
        CheckConstraint(
            "(number IS NULL) = (issued_at IS NULL) AND (number IS NULL) = (due_at IS NULL)"
            " AND (number IS NULL) = (due_on IS NULL)"
            " AND (number IS NULL) = (year IS NULL) AND (number IS NULL) = (issued_by_id IS NULL)",
            name="issue_is_whole",
        ),
        CheckConstraint(
            "(status = 'replied') = (reply IS NOT NULL) AND (reply IS NULL) = (replied_on IS NULL)"
            " AND (reply IS NULL) = (is_paper IS NULL)",
            name="reply_is_whole",
        ),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when_withdrawn"),
        CheckConstraint("reply_days BETWEEN 1 AND 60", name="reply_days_in_range"),
        Index("uq_letters_number", "issuer_id", "kind", "year", "number", unique=True),
        *index_each_level("ix_letters_{level}", "{level}_id", "id"),
        *index_each_level("ix_letters_{level}_status", "status", "{level}_id", "id"),
        *index_each_level("ix_letters_{level}_issued", "{level}_id", "issued_at", "id", levels=WIDE),
        Index("ix_letters_issuer_id", "issuer_id", "id"),
        Index("ix_letters_issuer_issued", "issuer_id", "issued_at", "id"),
        Index(
            "ix_letters_words", "subject", "addressee_name", "id"
        ),  # looked through for words of a wide scope, not the table
        Index("ix_letters_addressee", "addressee_id", "status", "id"),
        Index("ix_letters_issuer", "issuer_id", "status", "id"),
    )


class LetterItem(Base):
    """A rectification that a letter is about."""

    __tablename__ = "letter_items"

    letter_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("letters.id", ondelete="CASCADE"), primary_key=True)
    rectification_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("rectifications.id"), primary_key=True)

    __table_args__ = (Index("ix_letter_items_rectification", "rectification_id"),)
