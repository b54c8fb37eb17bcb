"""Tables of precomputed figures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class FigureSnapshot(Base):
    """The figures of one subtree, cut and campaign, as they were when they were counted. `data`: shapes.Figures."""

    __tablename__ = "figure_snapshots"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    campaign_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("campaigns.id"))
    cut: Mapped[str] = mapped_column(String(40))  # flags and period, see cuts.py
    data: Mapped[dict[str, Any]]
    computed_at: Mapped[datetime]
    viewed_at: Mapped[datetime]  # what nobody looks at is not counted again

    __table_args__ = (
        UniqueConstraint("union_id", "campaign_id", "cut"),
        Index("ix_figure_snapshots_viewed_at", "viewed_at"),
    )
