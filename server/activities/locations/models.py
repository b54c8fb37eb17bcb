"""Tables of locations."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level


class LocationKind(StrEnum):
    AREA = "area"
    EQUIPMENT = "equipment"


class Location(AncestorColumns, Base):
    """A place at an enterprise that has a code on it. Never deleted: the sticker may hang there for years."""

    __tablename__ = "locations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)  # what the sticker says
    kind: Mapped[LocationKind] = mapped_column(named_enum(LocationKind, "kind"))
    name: Mapped[str] = mapped_column(String(60))
    whereabouts: Mapped[str] = mapped_column(String(100), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("enterprise_id IS NOT NULL", name="at_an_enterprise"),
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        Index("uq_locations_once", "enterprise_id", "name", "whereabouts", unique=True),
        *index_each_level("ix_locations_{level}", "{level}_id", "id"),
    )
