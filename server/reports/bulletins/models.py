"""Tables of monthly reports and bulletins."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level


class BulletinKind(StrEnum):
    """What it is."""

    MONTHLY = "monthly"  # of a month
    BULLETIN = "bulletin"  # of any days


class Bulletin(AncestorColumns, Base):
    """A report that was issued, of what lies below one union. What it says is frozen in its document; a later one of
    the same days does not change it. What was wrong is put right by another one, which says so: `corrects_id`."""

    __tablename__ = "bulletins"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[BulletinKind] = mapped_column(named_enum(BulletinKind, "kind"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # whose figures
    issuer_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))  # in whose name
    campaign_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("campaigns.id"))  # None: all of them
    title: Mapped[str] = mapped_column(String(100))
    number: Mapped[str] = mapped_column(String(60))
    since: Mapped[date]
    until: Mapped[date]
    issued_at: Mapped[datetime]
    corrects_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("bulletins.id"))
    reason: Mapped[str | None] = mapped_column(Text)  # why it corrects that one

    __table_args__ = (
        CheckConstraint("(corrects_id IS NULL) = (reason IS NULL)", name="corrected_with_reason"),
        Index("uq_bulletins_corrects_id", "corrects_id", unique=True),  # one that was corrected is so once
        *index_each_level("ix_bulletins_{level}", "{level}_id", "id"),
    )
