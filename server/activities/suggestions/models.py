"""Tables of suggestions."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class ImplementationStatus(StrEnum):
    """Whether the enterprise has confirmed what an adopted suggestion brought."""

    PENDING = "pending"
    CONFIRMED = "confirmed"


class ImplementationMove(StrEnum):
    """What becomes of a suggestion once it is adopted, as the audit log has it."""

    SUGGEST = "written"
    ADD_STEP = "step_added"
    REMOVE_STEP = "step_removed"
    COMPLETE_STEP = "step_done"
    REOPEN_STEP = "step_undone"
    CONFIRM_BENEFIT = "benefit_confirmed"
    PUBLISH = "published"
    UNPUBLISH = "unpublished"
    TAKE_BACK = "taken_back"


STAGES = {
    "unplanned": text("steps = 0 AND confirmed_at IS NULL"),
    "running": text("open_steps > 0 AND confirmed_at IS NULL"),
    "done": text("open_steps = 0 AND steps > 0 AND confirmed_at IS NULL"),
}
"""How far it has come, as the indexes of each are written: a list is walked with one of them at its side."""


class Suggestion(Base):
    """What only a suggestion has; the rest is in its submission. Money in cents, a year's worth; hours a year."""

    __tablename__ = "suggestions"

    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    title: Mapped[str] = mapped_column(String(60))
    present_state: Mapped[str] = mapped_column(Text, default="")
    proposal: Mapped[str] = mapped_column(Text)
    benefit: Mapped[str] = mapped_column(Text, default="")  # as the author expects it
    may_publish: Mapped[bool]

    status: Mapped[ImplementationStatus] = mapped_column(named_enum(ImplementationStatus, "status"))
    version: Mapped[int]
    steps: Mapped[int] = mapped_column(default=0)  # of its plan; counted here, for lists of thousands
    open_steps: Mapped[int] = mapped_column(default=0)  # of these, not done yet
    money_cents: Mapped[int | None]
    hours: Mapped[int | None]
    risk: Mapped[str] = mapped_column(Text, default="")
    confirmed_at: Mapped[datetime | None]  # when the enterprise confirmed what it brought
    confirmed_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))

    published_at: Mapped[datetime | None]
    supporters: Mapped[int] = mapped_column(default=0)

    @property
    def id(self) -> UUID:
        """The submission's."""
        return self.submission_id

    __table_args__ = (
        CheckConstraint("(status = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_when_confirmed"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmation_is_whole"),
        CheckConstraint("published_at IS NULL OR may_publish", name="published_only_with_consent"),
        CheckConstraint("open_steps BETWEEN 0 AND steps", name="open_steps_within_plan"),
        CheckConstraint("money_cents >= 0 AND hours >= 0", name="benefit_is_positive"),
        Index(
            "ix_suggestions_confirmed",
            "confirmed_at",
            "submission_id",
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        *(
            Index(f"ix_suggestions_{stage}", "submission_id", sqlite_where=where, postgresql_where=where)
            for stage, where in STAGES.items()
        ),
        Index(
            "ix_suggestions_published",
            "published_at",
            "submission_id",
            sqlite_where=text("published_at IS NOT NULL"),
            postgresql_where=text("published_at IS NOT NULL"),
        ),
    )


class PlanStep(Base):
    """One thing to do on the way to carry a suggestion out."""

    __tablename__ = "suggestion_plan_steps"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("suggestions.submission_id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(50))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    created_at: Mapped[datetime]


class CoAuthor(Base):
    """Somebody named as having thought it up together. Found by phone; counts once they have said yes."""

    __tablename__ = "suggestion_co_authors"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("suggestions.submission_id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    is_confirmed: Mapped[bool | None]  # None: has not answered yet

    __table_args__ = (CheckConstraint("person_id IS NOT NULL OR is_confirmed IS NULL", name="answers_are_somebodys"),)


class Support(Base):
    """A colleague supports a published suggestion."""

    __tablename__ = "suggestion_supports"

    submission_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("suggestions.submission_id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    created_at: Mapped[datetime]
