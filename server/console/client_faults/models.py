"""The table of faults of the phone's program."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class Platform(StrEnum):
    H5 = "h5"
    WECHAT = "mp-weixin"


class ClientFault(Base):
    """One fault, however many phones told of it. Neither person nor address nor device is in it."""

    __tablename__ = "client_faults"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of all that tells one fault from another
    platform: Mapped[Platform] = mapped_column(named_enum(Platform, "platform"))
    release: Mapped[str] = mapped_column(String(20))
    page: Mapped[str] = mapped_column(String(100))
    message: Mapped[str] = mapped_column(String(300))
    stack: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (Index("ix_client_faults_last", "last_at", "id"),)
