"""Tables of assignments: what is asked, and one row for each union that is asked."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level
from server.unions.roles import Level, Role
from server.unions.tree.models import Ownership, Size


class AssignmentStatus(StrEnum):
    """States of an assignment. That it is overdue follows from its date."""

    DRAFT = "draft"
    SENDING = "sending"  # a job writes the rows of its recipients
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # by a new version of it
    CLOSED = "closed"  # its sender has what they wanted: nothing is taken any more


class Checker(StrEnum):
    """Who accepts an answer or returns it."""

    SENDER = "sender"
    NOBODY = "nobody"  # what is sent is taken as it is


class RecipientStatus(StrEnum):
    """How far a union is with what it was asked. Overdue is no state."""

    SENT = "sent"
    RECEIVED = "received"  # somebody signed for it
    BEGUN = "begun"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # to be corrected
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class ReceiptChannel(StrEnum):
    """Where somebody signed."""

    CONSOLE = "console"
    PHONE = "phone"


class Assignment(AncestorColumns, Base):
    """What a union asks the tree below it. Lies where its sender lies.

    A union that was asked may pass it on: that is an assignment of its own, which the row by which it was asked names
    (`Recipient.passed_on_id`); `root_id` is the first sender's, of itself its own id. All of one root ask by the same
    version of the form.
    """

    __tablename__ = "assignments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # the name of an AssignmentKind
    number: Mapped[str | None] = mapped_column(String(20), unique=True)
    status: Mapped[AssignmentStatus] = mapped_column(named_enum(AssignmentStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    sender_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    campaign_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    root_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignments.id"))
    replaces_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("assignments.id"))

    title: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text, default="")
    form_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("forms.id"))
    form_version_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("form_versions.id"))  # frozen at sending
    wants_receipt: Mapped[bool] = mapped_column(default=True)
    wants_reply: Mapped[bool] = mapped_column(default=False)
    checker: Mapped[Checker] = mapped_column(named_enum(Checker, "checker"), default=Checker.SENDER)
    may_pass_on: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]  # the last day in Shanghai on which an answer is in time
    due_at: Mapped[datetime | None]  # the end of that day
    remind_days: Mapped[int] = mapped_column(default=3)  # before `due_on`; on the day itself and after it goes by rule
    rule: Mapped[dict[str, Any]]  # who is asked, as schemas.RecipientRule; resolved and frozen at sending
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the kind adds, by its own shape

    recipient_count: Mapped[int] = mapped_column(default=0)  # rows that are written
    expected_count: Mapped[int | None]  # rows that the rule found at sending, None before
    drafted_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    sent_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    ended_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    drafted_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # withdrawn, replaced or closed
    reason: Mapped[str | None] = mapped_column(String(500))  # why it ended

    __table_args__ = (
        CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name="sent_when_sent"),
        CheckConstraint("(sent_at IS NULL) = (sent_by_id IS NULL)", name="sender_when_sent"),
        CheckConstraint("(sent_at IS NULL) = (number IS NULL)", name="numbered_when_sent"),
        CheckConstraint(
            "(status IN ('withdrawn', 'replaced', 'closed')) = (ended_at IS NOT NULL)", name="end_is_whole"
        ),
        CheckConstraint("(due_on IS NULL) = (due_at IS NULL)", name="due_is_whole"),
        CheckConstraint("remind_days BETWEEN 0 AND 60", name="remind_days_in_range"),
        CheckConstraint("recipient_count >= 0", name="recipient_count_not_negative"),
        *index_each_level("ix_assignments_{level}", "{level}_id", "id"),
        Index("ix_assignments_sender", "sender_id", "status", "id"),
        Index("ix_assignments_root", "root_id", "id"),
        Index("ix_assignments_replaces", "replaces_id"),
    )


class Recipient(AncestorColumns, Base):
    """A union that is asked, and how far it is. Lies where that union lies; its traits are those at sending."""

    __tablename__ = "assignment_recipients"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignments.id"))
    root_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("assignments.id"))
    sender_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # the assignment's, to find what came in
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    level: Mapped[Level] = mapped_column(named_enum(Level, "level"))
    status: Mapped[RecipientStatus] = mapped_column(named_enum(RecipientStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    named_id: Mapped[UUID | None] = mapped_column(
        Uuid(), ForeignKey("people.id")
    )  # who alone answers for the union, if named, as long as they review there
    is_copy: Mapped[bool] = mapped_column(default=False)  # 抄送: it gets it, and nothing is asked of it
    due_at: Mapped[datetime | None]

    industry: Mapped[str | None] = mapped_column(String(40))
    ownership: Mapped[Ownership | None] = mapped_column(named_enum(Ownership, "ownership"))
    size: Mapped[Size | None] = mapped_column(named_enum(Size, "size"))
    is_high_risk: Mapped[bool] = mapped_column(default=False)
    is_chemical: Mapped[bool] = mapped_column(default=False)

    sent_at: Mapped[datetime]
    added_reason: Mapped[str | None] = mapped_column(String(500))  # asked later than the others
    received_at: Mapped[datetime | None]
    received_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    received_role: Mapped[Role | None] = mapped_column(named_enum(Role, "received_role"))  # the post that signed
    received_via: Mapped[ReceiptChannel | None] = mapped_column(named_enum(ReceiptChannel, "received_via"))
    begun_at: Mapped[datetime | None]
    first_submitted_at: Mapped[datetime | None]  # what counts as in time or late
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]  # accepted or returned, the last time
    decided_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    return_count: Mapped[int] = mapped_column(default=0)
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))
    passed_on_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("assignments.id"), unique=True)
    urged_on: Mapped[date | None]  # the last day on which somebody asked after it by hand
    reminded_on: Mapped[date | None]  # the last day on which a reminder went out by itself

    __table_args__ = (
        UniqueConstraint("assignment_id", "union_id"),
        CheckConstraint(
            "(received_at IS NULL) = (received_by_id IS NULL) AND (received_at IS NULL) = (received_role IS NULL)"
            " AND (received_at IS NULL) = (received_via IS NULL)",
            name="receipt_is_whole",
        ),
        CheckConstraint("NOT is_copy OR (due_at IS NULL AND submitted_at IS NULL)", name="nothing_asked_of_copies"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by_id IS NULL)", name="submission_is_whole"),
        CheckConstraint(
            "status NOT IN ('submitted', 'accepted', 'returned') OR submitted_at IS NOT NULL", name="submitted_when_in"
        ),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_reason IS NOT NULL)", name="reason_when_withdrawn"),
        CheckConstraint("return_count >= 0", name="return_count_not_negative"),
        Index("ix_assignment_recipients_union", "union_id", "status", "due_at", "id"),
        Index("ix_assignment_recipients_status", "assignment_id", "status", "id"),
        Index("ix_assignment_recipients_root", "root_id", "id"),
        Index("ix_assignment_recipients_due", "status", "due_at"),
        Index("ix_assignment_recipients_arrival", "sender_id", "status", "submitted_at", "id"),
        *index_each_level("ix_assignment_recipients_{level}", "{level}_id", "root_id", "id"),
    )
