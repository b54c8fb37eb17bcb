"""Tables of tests and certificates of training."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, Tenths
from server.kit.scope import AncestorColumns, index_each_level


class TrainingTest(Base):
    """The test of a session: the mark from which it is passed. Marks stand with those who were there."""

    __tablename__ = "training_tests"

    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"), primary_key=True)
    pass_mark: Mapped[Decimal] = mapped_column(Tenths)
    entered_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    entered_at: Mapped[datetime]

    __table_args__ = (Index("ix_training_tests_entered_by", "entered_by_id"),)


class TrainingCertificate(AncestorColumns, Base):
    """Somebody attended, and passed if there was a test. What it says is kept as it was on the day."""

    __tablename__ = "training_certificates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    session_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_sessions.id"))
    attendance_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("training_attendances.id"))
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(50))
    enterprise_name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(100))
    hours: Mapped[Decimal] = mapped_column(Tenths)
    held_on: Mapped[date]
    score: Mapped[Decimal | None] = mapped_column(Tenths)
    issuer_name: Mapped[str] = mapped_column(String(100))
    issued_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    issued_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL) AND (withdrawn_at IS NULL) = (length(reason) = 0)",
            name="withdrawn_with_a_reason",
        ),
        Index(
            "uq_training_certificates_standing", "attendance_id", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_training_certificates_session", "session_id", "id"),
        Index("ix_training_certificates_person", "person_id"),
        *index_each_level("ix_training_certificates_{level}", "{level}_id", "id"),
    )  # fmt: skip
