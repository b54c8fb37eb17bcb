"""Tables of campaigns."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Campaign(Base):
    """One campaign of one city. Its lists hold the shapes of schemas.py."""

    __tablename__ = "campaigns"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    name: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    activities: Mapped[list[Any]]
    leaderboards: Mapped[list[Any]] = mapped_column(default=list)  # of its quizzes; none unless chosen
    lists_absentees: Mapped[bool] = mapped_column(default=False)  # of its quizzes: who did not take part, to phone them
    grades: Mapped[list[Any]]
    categories: Mapped[list[Any]]  # of hazards
    suggestion_categories: Mapped[list[Any]]
    is_current: Mapped[bool] = mapped_column(default=False)
    archived_at: Mapped[datetime | None]  # put away: nothing new is sent to it, its settings stand as they are
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="period_runs_forward"),
        Index(
            "uq_campaigns_current",
            "union_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )
