"""Table of kept filters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class SavedFilter(Base):
    """A list that somebody comes back to: its filters as they stand in the address."""

    __tablename__ = "saved_filters"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id", ondelete="CASCADE"))
    list_name: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(String(1000))  # without page; empty: the list as it opens
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("person_id", "list_name", "name"),)
