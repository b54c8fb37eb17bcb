"""Tables of forms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class FormRecord(Base):
    """A form of a union, usable in its subtree. `definition`: the shape of `schemas.Definition`, as it is now.

    `made_for`: the kind of assignment that asks by it alone, and makes it anew each time; nobody edits or picks it.
    """

    __tablename__ = "forms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    title: Mapped[str] = mapped_column(String(100))
    about: Mapped[str] = mapped_column(String(500), default="")
    definition: Mapped[dict[str, Any]]
    field_count: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    made_for: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)  # of the row: whose page is out of date is told
    edited_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_forms_union", "union_id", "id"),
        Index("uq_forms_made_for", "union_id", "made_for", unique=True),
    )


class FormVersion(Base):
    """A form as it was when something was sent down with it. Never changes: answers are read by it.

    A form that did not change since has no second version: `content_hash` is that of its definition.
    """

    __tablename__ = "form_versions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    form_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("forms.id"))
    number: Mapped[int]  # 1, 2, … of this form
    title: Mapped[str] = mapped_column(String(100))
    definition: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    frozen_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    frozen_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("form_id", "number"),
        UniqueConstraint("form_id", "content_hash"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("length(content_hash) = 64", name="hash_length"),
    )
