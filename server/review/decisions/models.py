"""Tables of reply templates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class ReplyTemplate(Base):
    """A ready reply for one move of any slice, for any category or one."""

    __tablename__ = "reply_templates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), index=True)  # usable in its subtree
    move: Mapped[str] = mapped_column(String(32))  # one of declared().reply_uses
    category: Mapped[str | None] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(50))
    text: Mapped[str] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("move <> ''", name="move"),)
