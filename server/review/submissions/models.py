"""Tables of submissions and of what happened to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    Text,
    Uuid,
    case,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.attachments import AttachmentColumns
from server.kit.held_back import PendingStep
from server.kit.scope import WIDE, AncestorColumns, ancestors_above, index_each_level
from server.photos.models import Photo
from server.unions.tree.models import Union


class Kind(StrEnum):
    """What is submitted."""

    HAZARD = "hazard"
    SUGGESTION = "suggestion"


class Status(StrEnum):
    INCOMPLETE = "incomplete"
    QUEUED = "queued"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """Steps in a submission's life; workflow.py and decisions/workflow.py say which are allowed to whom."""

    CREATE = "create"
    SUBMIT = "submit"
    CLAIM = "claim"
    RELEASE = "release"
    RETURN = "return"
    ANSWER = "answer"
    ACCEPT = "accept"
    ACCEPT_IN_PART = "accept_in_part"
    DECLINE = "decline"
    MARK_DUPLICATE = "mark_duplicate"
    PASS_UP = "pass_up"
    PASS_DOWN = "pass_down"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    NOTE = "note"
    DISCLOSE = "disclose"
    REQUEUE = "requeue"  # what it waited for is gone: the report it was merged into, or whoever was asked
    RELINK = "relink"  # merged into another report, which took the place of the one before


DECISIONS = frozenset({Move.ACCEPT, Move.ACCEPT_IN_PART, Move.DECLINE, Move.MARK_DUPLICATE, Move.RETURN})
"""What reopening undoes."""
PASSES = frozenset({Move.PASS_UP, Move.PASS_DOWN})

ARRIVED = text("status <> 'incomplete'")
ADOPTED = text("kind = 'suggestion' AND status = 'accepted'")


def _queue_indexes(table: str) -> list[Index]:
    """One index per level for a queue sorted by deadline, one for everything newest first; arrived rows only. The wide
    levels have the same for one campaign and one by the day of sending: else what is of an earlier one, or of days long
    ago, would be looked for behind all that came since."""
    due = index_each_level(f"ix_{table}_{{level}}_due", "status", "{level}_id", "due_at", "id", where=ARRIVED)
    everything = index_each_level(f"ix_{table}_{{level}}_all", "{level}_id", "id", where=ARRIVED)
    names = (f"ix_{table}_{{level}}_campaign_due", f"ix_{table}_{{level}}_campaign_all")
    of_one = [
        *index_each_level(names[0], "status", "{level}_id", "campaign_id", "due_at", "id", where=ARRIVED, levels=WIDE),
        *index_each_level(names[1], "{level}_id", "campaign_id", "id", where=ARRIVED, levels=WIDE),
    ]
    sent = index_each_level(
        f"ix_{table}_{{level}}_sent", "status", "{level}_id", "created_at", "id", where=ARRIVED, levels=WIDE
    )
    return due + everything + of_one + sent


class Submission(AncestorColumns, PendingStep, Base):
    """Anything a worker sends for review. Its row carries its ancestors in the tree: scope is one comparison."""

    __tablename__ = "submissions"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client
    kind: Mapped[Kind] = mapped_column(named_enum(Kind, "kind"))
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    reporter_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    content_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the content, to tell a replay from a clash
    number: Mapped[str | None] = mapped_column(String(16))  # 2026-000123Y, from the day it arrives

    status: Mapped[Status] = mapped_column(named_enum(Status, "status"))
    version: Mapped[int] = mapped_column(default=1)
    category: Mapped[str] = mapped_column(String(30))
    excerpt: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    grade: Mapped[int | None]  # of hazards alone
    is_anonymous: Mapped[bool] = mapped_column(default=False, server_default=false())  # name kept from the enterprise
    disclosed_at: Mapped[datetime | None]  # when the city opened the name, see identity.py
    # 直接交给上级工会: the enterprise that it is about, and that must not see it; it lies outside of its subtree.
    kept_from_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))
    photos_expected: Mapped[int]
    photos_received: Mapped[int] = mapped_column(default=0)
    cover_photo_id: Mapped[UUID | None]

    routed_union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # the union that has to answer now

    claimed_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    claimed_until: Mapped[datetime | None]
    duplicate_of_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("submissions.id"))

    created_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    rest_days: Mapped[int | None]  # working days left on the deadline while it stands still, waiting for the reporter
    decided_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "(kind = 'hazard' AND status = 'accepted') = (grade IS NOT NULL)", name="hazard_graded_when_accepted"
        ),
        CheckConstraint("(status = 'duplicate') = (duplicate_of_id IS NOT NULL)", name="duplicate_has_target"),
        CheckConstraint("(number IS NULL) = (arrived_at IS NULL)", name="numbered_when_arrived"),
        CheckConstraint("duplicate_of_id IS NULL OR duplicate_of_id <> id", name="not_duplicate_of_itself"),
        CheckConstraint(
            "status IN ('incomplete', 'withdrawn') OR (arrived_at IS NOT NULL AND due_at IS NOT NULL)",
            name="deadline_when_arrived",
        ),
        CheckConstraint(
            "(status IN ('accepted', 'declined', 'duplicate')) = (decided_at IS NOT NULL)", name="decided_when_decided"
        ),
        CheckConstraint("(status = 'returned') = (rest_days IS NOT NULL)", name="deadline_stands_still_when_returned"),
        CheckConstraint("disclosed_at IS NULL OR is_anonymous", name="disclosed_only_if_anonymous"),
        CheckConstraint(
            "kept_from_id IS NULL OR (is_anonymous AND (enterprise_id IS NULL OR enterprise_id <> kept_from_id))",
            name="kept_from_its_enterprise",
        ),
        CheckConstraint("grade IS NULL OR grade BETWEEN 1 AND 4", name="grade_in_range"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_until IS NULL)", name="claim_is_whole"),
        CheckConstraint("claimed_by_id IS NULL OR status = 'queued'", name="claimed_only_in_queue"),
        CheckConstraint("photos_received BETWEEN 0 AND photos_expected", name="photos_within_manifest"),
        Index("uq_submissions_number", "number", unique=True),
        *_queue_indexes("submissions"),
        *index_each_level("ix_submissions_{level}_adopted", "{level}_id", "id", where=ADOPTED),
        *index_each_level(
            "ix_submissions_{level}_campaign_adopted", "{level}_id", "campaign_id", "id", where=ADOPTED, levels=WIDE
        ),
        *index_each_level(
            "ix_submissions_{level}_decided_adopted", "{level}_id", "decided_at", "id", where=ADOPTED, levels=WIDE
        ),
        Index("ix_submissions_reporter", "reporter_id", "id"),
        # Whose name is not to be told of a page of people: asked with every list of them.
        Index(
            "ix_submissions_anonymous",
            "reporter_id",
            "is_anonymous",  # else SQLite, which has no statistics, takes the index of all of a person's
            "id",
            sqlite_where=text("is_anonymous IS 1"),
            postgresql_where=text("is_anonymous IS TRUE"),
        ),
        Index(
            "ix_submissions_claimed",
            "claimed_by_id",
            "due_at",
            "id",
            sqlite_where=text("claimed_by_id IS NOT NULL"),
            postgresql_where=text("claimed_by_id IS NOT NULL"),
        ),
        Index(
            "ix_submissions_duplicate_of",
            "duplicate_of_id",
            sqlite_where=text("duplicate_of_id IS NOT NULL"),
            postgresql_where=text("duplicate_of_id IS NOT NULL"),
        ),
        Index(
            "ix_submissions_routed_due",
            "status",
            "routed_union_id",
            "due_at",
            "id",
            sqlite_where=ARRIVED,
            postgresql_where=ARRIVED,
        ),
        Index(
            "ix_submissions_incomplete",
            "created_at",
            sqlite_where=text("status = 'incomplete'"),
            postgresql_where=text("status = 'incomplete'"),
        ),
    )

    @classmethod
    def when_moved(cls, union: Union) -> dict[str, Any]:
        """Who has to answer now: in place of an ancestor the present one of its level, or the next above."""
        whens: list[tuple[ColumnElement[bool], UUID]] = []
        nearest: UUID | None = None
        for column, present in ancestors_above(union).items():  # from the city down
            nearest = present or nearest
            if nearest is not None:
                whens.append((cls.routed_union_id == getattr(cls, column), nearest))
        return {"routed_union_id": case(*whens, else_=cls.routed_union_id)}


cast(Table, Photo.__table__).append_constraint(
    ForeignKeyConstraint([Photo.submission_id], [Submission.id], ondelete="CASCADE")
)
"""Photos know of submissions no more than an id; here it is seen to that none is left without."""


class SubmissionStep(Base):
    """One step of a submission's life: the log that timelines and histories are read from. Never changed."""

    __tablename__ = "submission_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), index=True)
    move: Mapped[Move] = mapped_column(named_enum(Move, "move"))
    from_status: Mapped[Status | None] = mapped_column(named_enum(Status, "from_status"))
    to_status: Mapped[Status] = mapped_column(named_enum(Status, "to_status"))
    actor_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # None: the system
    union_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))  # in whose name
    at: Mapped[datetime]
    public_text: Mapped[str | None] = mapped_column(Text)  # the reporter sees it
    internal_note: Mapped[str | None] = mapped_column(Text)  # reviewers alone see it
    data: Mapped[dict[str, Any] | None]  # what the move carried: grade, target, route, deadline


class Answer(AttachmentColumns, Base):
    """The reporter's answer to a question. With its last photo the submission goes back into the queue."""

    __tablename__ = "answers"

    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), index=True)
