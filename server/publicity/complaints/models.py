"""Tables of complaints."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level


class ComplaintStatus(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    TAKEN_DOWN = "taken_down"


class ComplaintMove(StrEnum):
    COMPLAIN = "complain"
    KEEP = "keep"
    TAKE_DOWN = "take_down"


class Reason(StrEnum):
    """What is wrong with it."""

    PERSON = "person"  # somebody can be recognised
    WRONG = "wrong"
    OFFENSIVE = "offensive"
    OTHER = "other"


OPEN = text("status = 'open'")


class Complaint(AncestorColumns, Base):
    """That something is complained about, once however many do. It lies where the union lies that answers for it, and
    holds no words of what it is about: they stay where they are."""

    __tablename__ = "complaints"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(30))  # of a `Published`
    subject_id: Mapped[UUID]
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    status: Mapped[ComplaintStatus] = mapped_column(named_enum(ComplaintStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    made_on: Mapped[date]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_unless_open"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_somebody"),
        Index("uq_complaints_open", "subject", "subject_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_complaints_own", "status", "union_id", "id"),
        *index_each_level("ix_complaints_{level}", "status", "{level}_id", "id"),
    )


class Complainant(Base):
    """Who complains, and what they say is wrong. The day alone: who looks at what at which minute is nobody's
    business."""

    __tablename__ = "complainants"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("complaints.id", ondelete="CASCADE"))
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    reason: Mapped[Reason] = mapped_column(named_enum(Reason, "reason"))
    words: Mapped[str] = mapped_column(Text, default="")
    made_on: Mapped[date]

    __table_args__ = (UniqueConstraint("complaint_id", "person_id"),)
