"""Tables of what colleagues of one union give each other and say to each other about an item."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Assignee(Base):
    """Who of a union is to see to an item. One per union: a district and a town each have their own."""

    __tablename__ = "assignees"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(30))  # as the audit log calls the kind of item
    subject_id: Mapped[UUID]
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    assignee_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    assigned_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    assigned_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "union_id"),
        Index("ix_assignees_person", "assignee_id", "subject", "subject_id"),
    )


class Comment(Base):
    """What somebody of a union said to colleagues there about an item. Nobody else ever reads it."""

    __tablename__ = "comments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[UUID]
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    author_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_comments_subject", "subject_id", "union_id", "id"),)
