"""Table of posters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Poster(Base):
    """The poster of an enterprise, as last asked for. It is good for one invite code."""

    __tablename__ = "posters"

    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"), primary_key=True)
    invite_code: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    by_wechat: Mapped[bool | None]  # whether the code on it is WeChat's; else it is a link to the H5 page
