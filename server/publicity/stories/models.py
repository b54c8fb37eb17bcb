"""Table of what was put right and may be shown."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level


class StoryStatus(StrEnum):
    OFFERED = "offered"  # the reporter agrees; a reviewer has not looked yet
    RELEASED = "released"  # others can see it
    DECLINED = "declined"  # a reviewer would rather not
    TAKEN_DOWN = "taken_down"  # a reviewer thought better of it
    RETRACTED = "retracted"  # the reporter did


class StoryMove(StrEnum):
    OFFER = "offer"
    OFFER_AGAIN = "offer_again"
    RETRACT = "retract"
    RELEASE = "release"
    DECLINE = "decline"
    TAKE_DOWN = "take_down"


class Reach(StrEnum):
    """Who may see it."""

    ENTERPRISE = "enterprise"
    EVERYBODY = "everybody"


SHOWN = text("status = 'released'")


class Story(AncestorColumns, Base):
    """One hazard before and after. Named reports alone: the place from which a picture was taken may give away whoever
    hides their name (decision 69)."""

    __tablename__ = "stories"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("submissions.id", ondelete="CASCADE"), unique=True)
    status: Mapped[StoryStatus] = mapped_column(named_enum(StoryStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    consented: Mapped[Reach] = mapped_column(named_enum(Reach, "consented"))  # how far the reporter agrees
    consented_on: Mapped[date]
    category: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(60))
    words: Mapped[str] = mapped_column(Text, default="")
    reach: Mapped[Reach | None] = mapped_column(named_enum(Reach, "reach"))
    before_photo_id: Mapped[UUID | None]  # no foreign keys: without its picture a story is not shown
    after_photo_id: Mapped[UUID | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))

    __table_args__ = (
        CheckConstraint("(status = 'released') = (released_at IS NOT NULL)", name="released_when_released"),
        CheckConstraint(
            "status <> 'released' OR (before_photo_id IS NOT NULL AND after_photo_id IS NOT NULL AND reach IS NOT NULL"
            " AND released_by_id IS NOT NULL)",
            name="released_whole",
        ),
        CheckConstraint("reach IS NULL OR reach = 'enterprise' OR consented = 'everybody'", name="within_consent"),
        *index_each_level("ix_stories_{level}", "status", "{level}_id", "id"),
        Index(
            "ix_stories_everybody", "reach", "released_at", "id", sqlite_where=SHOWN, postgresql_where=SHOWN,
        ),
        Index(
            "ix_stories_own", "enterprise_id", "released_at", "id", sqlite_where=SHOWN, postgresql_where=SHOWN,
        ),
    )  # fmt: skip
