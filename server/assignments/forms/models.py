"""Tables of forms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class FormRecord(Base):
    """A form of a union, usable in its subtree. `definition`: the shape of `schemas.Definition`, as it is now."""

    __tablename__ = "forms"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    title: Mapped[str] = mapped_column(String(100))
    about: Mapped[str] = mapped_column(String(500), default="")
    definition: Mapped[dict[str, Any]]
    field_count: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)  # of the row: whose page is out of date is told
    edited_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    edited_at: Mapped[datetime]

    __table_args__ = (Index("ix_forms_union", "union_id", "id"),)
