"""Tables of proved phone numbers and of the codes that prove them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class PhoneIdentity(Base):
    """The one person whom a number signs in."""

    __tablename__ = "phone_identities"

    phone: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    verified_at: Mapped[datetime]


class SmsCode(Base):
    """A code that was sent. Neither code nor number is kept: only what tells whether somebody gives the same again."""

    __tablename__ = "sms_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    phone_key: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(80))  # who asked for it: a known device or an address
    code_hash: Mapped[str] = mapped_column(String(64))
    attempts_left: Mapped[int]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_sms_codes_phone_key_sent_at", "phone_key", "sent_at"),
        Index("ix_sms_codes_origin_sent_at", "origin", "sent_at"),
        Index("ix_sms_codes_sent_at", "sent_at"),
    )
