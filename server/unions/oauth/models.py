"""Table of ways to WeChat and back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.core.encryption import EncryptedJson


class OauthVisit(Base):
    """One way to WeChat's page and back. Only digests of the state and of the browser's cookie are kept.

    Whom WeChat recognised (`app_id`, `openid`, `unionid`) waits here until the page takes the token, which it does once
    the person has agreed to the privacy policy: before that nobody becomes a person of ours.
    """

    __tablename__ = "oauth_visits"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    returned_at: Mapped[datetime | None]  # the state is good once
    recognised: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson())  # gone once the token is taken
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who took the token
    taken_at: Mapped[datetime | None]  # the token is handed over once
