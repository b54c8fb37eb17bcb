"""Tables of certificates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class Certificate(Base):
    """Somebody finished a contest. What it says is kept as it was on the day; `name` is empty if none was known."""

    __tablename__ = "certificates"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    contest_id: Mapped[UUID]
    contest_name: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(50))
    enterprise_name: Mapped[str] = mapped_column(String(100))
    issuer_name: Mapped[str] = mapped_column(String(100))
    issued_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("contest_id", "person_id"),)
