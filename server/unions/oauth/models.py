"""Table of ways to WeChat and back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class OauthVisit(Base):
    """One way to WeChat's page and back. Only digests of the state and of the browser's cookie are kept."""

    __tablename__ = "oauth_visits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    returned_at: Mapped[datetime | None]  # the state is good once
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who came back
    taken_at: Mapped[datetime | None]  # the token is handed over once
