"""Tables of codes to scan and of phones that may sign in to an account."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class ScanPurpose(StrEnum):
    SIGN_IN = "sign_in"
    LINK = "link"


class ScanState(StrEnum):
    WAITING = "waiting"
    SEEN = "seen"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    USED = "used"


class Scan(Base):
    """A code on a screen. Only digests of the code and of the browser's cookie are kept."""

    __tablename__ = "scans"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[ScanPurpose] = mapped_column(named_enum(ScanPurpose, "purpose"))
    state: Mapped[ScanState] = mapped_column(named_enum(ScanState, "state"))
    account_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # whose account it is about
    person_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))  # who scanned it first
    address: Mapped[str] = mapped_column(String(45))
    user_agent: Mapped[str] = mapped_column(String(200))
    wanted: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class LinkedPhone(Base):
    """A worker's sign-in that may confirm sign-ins to an account."""

    __tablename__ = "linked_phones"

    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    linked_at: Mapped[datetime]
