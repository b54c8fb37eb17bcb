"""Tables of the inbox."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base

AT_DESK = text("desk IS NOT NULL")


class InboxMessage(Base):
    """A message to somebody. `key` makes delivery idempotent: one message per step."""

    __tablename__ = "inbox_messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    key: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(60))
    body: Mapped[str] = mapped_column(Text)
    submission_id: Mapped[UUID | None]
    target: Mapped[str | None] = mapped_column(String(80))  # what else it leads to: "points", "award:<id>"
    desk: Mapped[str | None] = mapped_column(String(200))  # a page of the console: it stands in the bell there
    digest_day: Mapped[date | None]  # whose digest counted it
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_inbox_messages_person_id_id", "person_id", "id"),
        Index("ix_inbox_messages_desk", "person_id", "id", sqlite_where=AT_DESK, postgresql_where=AT_DESK),
        # What every page of the console counts, by both columns: SQLite has no statistics, and would walk all of them.
        Index("ix_inbox_messages_desk_unread", "person_id", "read_at", sqlite_where=AT_DESK, postgresql_where=AT_DESK),
        Index(
            "ix_inbox_messages_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )
