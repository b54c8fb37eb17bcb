"""Tables of content checks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class Source(StrEnum):
    """What is checked; `subject_id` is the id of …"""

    REPORT = "report"  # … the submission: its words
    ANSWER = "answer"  # … the answer to a reviewer's question
    REOPENING = "reopening"  # … the step by which the reporter said that it was not put right
    PHOTO = "photo"  # … the photo


class CheckState(StrEnum):
    WAITING = "waiting"  # WeChat is to be asked
    ASKED = "asked"  # WeChat has the picture; its verdict is pushed
    PASSED = "passed"
    HELD = "held"  # kept from other workers and the public until a reviewer lets it go
    RELEASED = "released"  # a reviewer looked and let it go
    UNCHECKED = "unchecked"  # no verdict to be had; `reason` says why


HELD = text("state = 'held'")


class SafetyCheck(Base):
    """One text or photo, and what WeChat says of it. The words themselves stay where they are."""

    __tablename__ = "safety_checks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"))
    source: Mapped[Source] = mapped_column(named_enum(Source, "source"))
    subject_id: Mapped[UUID]
    state: Mapped[CheckState] = mapped_column(named_enum(CheckState, "state"))
    suggest: Mapped[str | None] = mapped_column(String(10))  # pass, review, risky
    label: Mapped[int | None]
    trace_id: Mapped[str | None] = mapped_column(String(200), index=True)
    reason: Mapped[str | None] = mapped_column(String(40))  # why it could not be checked, or not yet
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]  # not to be asked, or asked again, before
    settled_at: Mapped[datetime | None]
    released_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("subject_id", "source"),
        CheckConstraint("state NOT IN ('held', 'released') OR suggest IN ('review', 'risky')", name="held_for_cause"),
        CheckConstraint("(state = 'released') = (released_by_id IS NOT NULL)", name="released_by_somebody"),
        CheckConstraint("(state = 'released') = (release_reason IS NOT NULL)", name="released_for_a_reason"),
        CheckConstraint("state <> 'unchecked' OR reason IS NOT NULL", name="unchecked_for_a_reason"),
        Index("ix_safety_checks_submission", "submission_id", "id"),
        Index("ix_safety_checks_held", "submission_id", sqlite_where=HELD, postgresql_where=HELD),
    )


class PushedVerdict(Base):
    """A verdict as it was pushed: it may come before the answer that names its trace id is on record, and often."""

    __tablename__ = "safety_verdicts"

    trace_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    suggest: Mapped[str] = mapped_column(String(10))  # empty: WeChat could not check it
    label: Mapped[int] = mapped_column(Integer())
    received_at: Mapped[datetime] = mapped_column(index=True)
