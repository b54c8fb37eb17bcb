"""Tables of safety systems: which ones a city asks about, what each enterprise says of each, and what is added up."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level
from server.unions.roles import Level
from server.unions.tree.models import Union


class HeldStatus(StrEnum):
    """How an enterprise stands with one system."""

    UNSTATED = "unstated"  # nobody has said anything
    ABSENT = "absent"  # it says that it has none
    STATED = "stated"  # it says that it has one
    CHECKED = "checked"  # a union looked at it
    RETURNED = "returned"  # a union looked, and it was none


IN_PLACE = (HeldStatus.STATED, HeldStatus.CHECKED)


class SafetySystem(Base):
    """One kind of system that a city asks about. The shipped ones are a start; words and basis are the city's."""

    __tablename__ = "safety_systems"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    city_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(50))
    basis: Mapped[str] = mapped_column(String(200), default="")
    review_months: Mapped[int]
    is_asked: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("city_id", "name"),
        CheckConstraint("review_months BETWEEN 1 AND 120", name="review_months_in_range"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
    )


class HeldSystem(AncestorColumns, Base):
    """One system at one enterprise. A row is there for each that is asked about, so that who lacks what is a list like
    any other. `checker_id`: the union right above, which looks at it."""

    __tablename__ = "held_systems"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    enterprise_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    system_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("safety_systems.id"))
    checker_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    status: Mapped[HeldStatus] = mapped_column(named_enum(HeldStatus, "status"))
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(100), default="")  # of the document, with its number
    adopted_on: Mapped[date | None]
    reviewed_on: Mapped[date | None]  # when the enterprise looked at it last
    next_review_on: Mapped[date | None]
    review_due_at: Mapped[datetime | None]  # the end of that day
    note: Mapped[str] = mapped_column(String(500), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")  # why it was returned, the last time
    stated_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    stated_at: Mapped[datetime | None]
    checked_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    checked_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("enterprise_id", "system_id"),
        CheckConstraint("status NOT IN ('stated', 'checked') OR next_review_on IS NOT NULL", name="in_place_is_dated"),
        CheckConstraint("(next_review_on IS NULL) = (review_due_at IS NULL)", name="review_due_is_whole"),
        CheckConstraint("(status = 'unstated') = (stated_at IS NULL)", name="stated_when_said"),
        CheckConstraint("status <> 'checked' OR checked_at IS NOT NULL", name="checked_when_checked"),
        CheckConstraint("status <> 'returned' OR length(reason) > 0", name="returned_with_a_reason"),
        *index_each_level("ix_held_systems_{level}", "{level}_id", "id"),
        *index_each_level("ix_held_systems_{level}_status", "{level}_id", "status", "id"),
        *index_each_level(
            "ix_held_systems_{level}_system", "{level}_id", "system_id", "status", "id",
            levels=("city", "district", "town"),
        ),
        Index("ix_held_systems_checker", "checker_id", "status", "id"),
    )  # fmt: skip

    @classmethod
    def when_moved(cls, union: Union) -> dict[str, Any]:
        """What an enterprise has is looked at by its parent, by its new one once it moved."""
        return {"checker_id": union.parent_id} if union.level is Level.ENTERPRISE else {}


class HeldFact(Base):
    """How a row was counted last, so that it can be taken out of the sums again."""

    __tablename__ = "held_system_facts"

    held_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    system_id: Mapped[UUID] = mapped_column(Uuid())
    status: Mapped[HeldStatus] = mapped_column(named_enum(HeldStatus, "status"))
    city_id: Mapped[UUID] = mapped_column(Uuid())
    district_id: Mapped[UUID | None] = mapped_column(Uuid())
    town_id: Mapped[UUID | None] = mapped_column(Uuid())


class HeldSum(Base):
    """How many enterprises below a union stand where with a system."""

    __tablename__ = "held_system_sums"

    union_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    system_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    status: Mapped[HeldStatus] = mapped_column(named_enum(HeldStatus, "status"), primary_key=True)
    enterprises: Mapped[int]


class HeldChange(Base):
    """A row of which something changed that is counted. Written by triggers, taken away by the job."""

    __tablename__ = "held_system_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_id: Mapped[UUID] = mapped_column(Uuid())  # no reference: it may be gone since
