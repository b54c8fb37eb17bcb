"""The table of incidents."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.scope import AncestorColumns, index_each_level


class IncidentKind(StrEnum):
    """What happened, or was warned of."""

    ACCIDENT = "accident"  # 生产安全事故
    ALERT = "alert"  # 预警


class Incident(AncestorColumns, Base):
    """An accident at a union's, or an alert that it got: a fact with its source. It lies where that union lies.

    People are counted, never named; nothing leads from here to a person. `in_time`: of an accident whether it was
    reported in time, of an alert whether it was answered in time. One that was noted by mistake is struck with a reason
    and stays.
    """

    __tablename__ = "incidents"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[IncidentKind] = mapped_column(named_enum(IncidentKind, "kind"))
    union_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("unions.id"))
    happened_on: Mapped[date]
    words: Mapped[str] = mapped_column(String(200))
    in_time: Mapped[bool]
    deaths: Mapped[int] = mapped_column(default=0)
    injured: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(String(100))  # where it is known from
    noted_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    noted_at: Mapped[datetime]
    struck_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        CheckConstraint("deaths BETWEEN 0 AND 999 AND injured BETWEEN 0 AND 9999", name="people_in_range"),
        CheckConstraint("kind = 'accident' OR (deaths = 0 AND injured = 0)", name="people_of_accidents"),
        CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL) AND (struck_at IS NULL) = (struck_reason IS NULL)",
            name="struck_as_a_whole",
        ),
        Index(
            "uq_incidents_once", "union_id", "kind", "happened_on", "words", unique=True,
            sqlite_where=text("struck_at IS NULL"), postgresql_where=text("struck_at IS NULL"),
        ),
        *index_each_level("ix_incidents_{level}", "{level}_id", "happened_on", "id"),
    )  # fmt: skip
