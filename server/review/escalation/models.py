"""Tables of what is overdue, and of the steps by which it climbed the tree."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import WIDE, AncestorColumns, index_each_level

RUNNING = text("ended_at IS NULL")


class OverdueKind(StrEnum):
    """What is late."""

    SUBMISSION = "submission"  # the union's first answer
    RECTIFICATION = "rectification"  # putting it right


class Overdue(AncestorColumns, Base):
    """One time that one item was late: from the sweep that noticed it until it was answered or extended.

    Carries its ancestors, as the item does, so that a scope is one comparison.
    """

    __tablename__ = "overdue_items"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[OverdueKind] = mapped_column(named_enum(OverdueKind, "kind"))
    item_id: Mapped[UUID] = mapped_column(Uuid())  # of a submission or of a rectification, as `kind` says
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id"))
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    category: Mapped[str] = mapped_column(String(30))
    grade: Mapped[int | None]
    excerpt: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(200))
    responsible_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # who has to answer
    due_at: Mapped[datetime]
    step: Mapped[int] = mapped_column(default=0)
    climbed_to_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("unions.id"))  # the highest that was told
    next_step_at: Mapped[datetime | None]  # None: the city knows
    urged_at: Mapped[datetime | None]  # when a union above last asked for it
    urged_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    asked_on: Mapped[date | None]  # when the reporter last asked after it: the day, they may be anonymous
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("step BETWEEN 0 AND 4", name="step_in_range"),
        CheckConstraint("(step = 0) = (climbed_to_id IS NULL)", name="step_reaches_somebody"),
        Index("uq_overdue_items_running", "item_id", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_overdue_items_submission", "submission_id"),
        Index("ix_overdue_items_next_step", "next_step_at", "id", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index(
            "ix_overdue_items_climbed", "climbed_to_id", "due_at", "id", sqlite_where=RUNNING, postgresql_where=RUNNING
        ),
        *index_each_level("ix_overdue_items_{level}_due", "{level}_id", "due_at", "id", where=RUNNING),
        *index_each_level(
            "ix_overdue_items_{level}_campaign", "{level}_id", "campaign_id", "due_at", "id", where=RUNNING, levels=WIDE
        ),
    )


class Escalation(Base):
    """A step up the tree. Never changed."""

    __tablename__ = "escalations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    overdue_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("overdue_items.id"))
    step: Mapped[int]
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # the union that it climbed to
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("step BETWEEN 1 AND 4", name="step_in_range"),
        Index("uq_escalations_step", "overdue_id", "step", unique=True),
        Index("ix_escalations_union", "union_id", "overdue_id"),
    )
