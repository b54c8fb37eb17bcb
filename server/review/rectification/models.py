"""Tables of rectifications and of what happened to them.

A rectification is a suggestion (建议) of a union to whoever can put a hazard right: measures, a responsible person
and a due date. It lives beside the submission it came from, with states of its own.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.attachments import AttachmentColumns
from server.kit.held_back import PendingStep
from server.kit.scope import WIDE, AncestorColumns, index_each_level


class RectifyStatus(StrEnum):
    OPEN = "open"  # sent to the enterprise, which has not answered yet
    ACCEPTED = "accepted"  # the enterprise puts it right
    DISPUTED = "disputed"  # the enterprise objects; a union above decides
    SUBMITTED = "submitted"  # done, as the enterprise says; waits for the recheck
    CLOSED = "closed"  # rechecked and found right: 销号
    VOIDED = "voided"  # the objection was right, or the decision behind it was taken back


class Satisfaction(StrEnum):
    """What the reporter thinks of how it ended."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class RectifyMove(StrEnum):
    """Steps in a rectification's life; rectification/workflow.py says which are allowed to whom."""

    OPEN = "open"
    ACCEPT = "accept"
    DISPUTE = "dispute"
    UPHOLD = "uphold"  # the objection is turned down: it stays as suggested
    DROP = "drop"  # the objection is right
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    CLOSE = "close"
    REOPEN = "reopen"
    VOID = "void"
    NOTE = "note"
    UNDO = "undo"  # of a recheck that nobody has been told of yet


class RecheckWay(StrEnum):
    """How it was rechecked."""

    ON_SITE = "on_site"
    BY_PHOTOS = "by_photos"


RUNNING = text("status NOT IN ('closed', 'voided')")


class Rectification(AncestorColumns, PendingStep, Base):
    """What is to be put right, by whom, until when. Its row carries its ancestors, as a submission's does."""

    __tablename__ = "rectifications"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id"))
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    status: Mapped[RectifyStatus] = mapped_column(named_enum(RectifyStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    category: Mapped[str] = mapped_column(String(30))
    grade: Mapped[int]
    excerpt: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200))

    sent_on: Mapped[date]  # the day the hazard was sent, as Shanghai counts; the moment stays with the submission

    addressee_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # who is to put it right
    issuer_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # in whose name it was suggested

    measures: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(String(50), default="")
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime]  # before any extension
    rest_days: Mapped[
        int | None
    ]  # working days left while it stands still: disputed, or done and waiting for the recheck
    asked_days: Mapped[int | None]  # an extension that was asked for and not yet answered, in working days
    rectified_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who said that it is done

    opened_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # the enterprise's first answer
    submitted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    recheck_way: Mapped[RecheckWay | None] = mapped_column(named_enum(RecheckWay, "recheck_way"))
    reopen_until: Mapped[datetime | None]
    reopenings: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("grade BETWEEN 1 AND 4", name="grade_in_range"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_when_closed"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        CheckConstraint("(closed_at IS NULL) = (recheck_way IS NULL)", name="closed_after_a_recheck"),
        CheckConstraint("(closed_at IS NULL) = (reopen_until IS NULL)", name="reopened_only_when_closed"),
        CheckConstraint(
            "status NOT IN ('submitted', 'closed') OR rectified_by_id IS NOT NULL", name="done_by_somebody"
        ),
        CheckConstraint("closed_by_id IS NULL OR closed_by_id <> rectified_by_id", name="rechecked_by_another"),
        CheckConstraint(
            "(status IN ('disputed', 'submitted')) = (rest_days IS NOT NULL)", name="deadline_stands_still_when_waiting"
        ),
        CheckConstraint("asked_days IS NULL OR status IN ('open', 'accepted')", name="extension_only_while_due"),
        CheckConstraint("asked_days IS NULL OR asked_days BETWEEN 1 AND 180", name="extension_in_range"),
        *index_each_level("ix_rectifications_{level}_due", "status", "{level}_id", "due_at", "id"),
        *index_each_level(
            "ix_rectifications_{level}_campaign", "status", "{level}_id", "campaign_id", "due_at", "id", levels=WIDE
        ),
        # What was reported, sent out or put right in a month long ago would be looked for behind all that came since.
        *index_each_level("ix_rectifications_{level}_sent", "status", "{level}_id", "sent_on", "id", levels=WIDE),
        *index_each_level("ix_rectifications_{level}_opened", "status", "{level}_id", "opened_at", "id", levels=WIDE),
        *index_each_level(
            "ix_rectifications_{level}_closed",
            "status",
            "{level}_id",
            "closed_at",
            "id",
            levels=WIDE,
            where=text("closed_at IS NOT NULL"),
        ),
        # Few are asked for or reopened: they would be looked for among all that runs.
        *(
            each
            for what, where in (("asked", "asked_days IS NOT NULL"), ("reopened", "reopenings > 0"))
            for each in index_each_level(
                f"ix_rectifications_{{level}}_{what}",
                "status",
                "{level}_id",
                "due_at",
                "id",
                levels=WIDE,
                where=text(where),
            )
        ),
        Index("ix_rectifications_addressee", "addressee_id", "status"),
        Index("ix_rectifications_submission", "submission_id"),  # voided ones too: what a search for words found
        Index(
            "uq_rectifications_submission",
            "submission_id",
            unique=True,
            sqlite_where=text("status <> 'voided'"),
            postgresql_where=text("status <> 'voided'"),
        ),
        Index("ix_rectifications_due", "due_at", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )


class RectificationStep(Base):
    """One step of a rectification's life. Never changed."""

    __tablename__ = "rectification_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rectification_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("rectifications.id"), index=True)
    move: Mapped[RectifyMove] = mapped_column(named_enum(RectifyMove, "move"))
    from_status: Mapped[RectifyStatus | None] = mapped_column(named_enum(RectifyStatus, "from_status"))
    to_status: Mapped[RectifyStatus] = mapped_column(named_enum(RectifyStatus, "to_status"))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # None: the system
    union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))  # in whose name; None: the reporter
    at: Mapped[datetime]
    text: Mapped[str | None] = mapped_column(Text)  # enterprise, unions and reporter read it
    note: Mapped[str | None] = mapped_column(Text)  # unions alone read it
    data: Mapped[dict[str, Any] | None]


class Evidence(AttachmentColumns, Base):
    """Photos that go with a step: after-photos, or the reporter's when it is not right. The step is taken when all of
    them are here."""

    __tablename__ = "rectification_evidence"

    rectification_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("rectifications.id"), index=True)
    move: Mapped[RectifyMove] = mapped_column(named_enum(RectifyMove, "move"))
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))


class RectificationLook(Base):
    """Somebody who may recheck it has looked at it, as it was at that version."""

    __tablename__ = "rectification_looks"

    rectification_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("rectifications.id"), primary_key=True)
    seen_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class RectificationRating(Base):
    """The reporter's word on a closed one. It counts for how things end, never for who handled them."""

    __tablename__ = "rectification_ratings"

    rectification_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("rectifications.id"), primary_key=True)
    satisfaction: Mapped[Satisfaction] = mapped_column(named_enum(Satisfaction, "satisfaction"))
    words: Mapped[str] = mapped_column(Text, default="")
    rated_on: Mapped[date]  # the day: the reporter may be anonymous
