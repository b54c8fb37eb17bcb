"""Tables of what is added up. All of it can be counted anew from recipients and answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base


class RollupChange(Base):
    """An assignment, by its root, of which something changed that is counted. Written by triggers, taken away by the
    job that counts it again; the same one may stand here more than once."""

    __tablename__ = "rollup_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    root_id: Mapped[UUID] = mapped_column(Uuid())  # no reference: it may be gone since


class Rollup(Base):
    """When an assignment was added up last."""

    __tablename__ = "rollups"

    root_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    counted_at: Mapped[datetime]


class RollupCount(Base):
    """How far those are who were asked below one union. `cut`: all of them, those of a level, those with a flag."""

    __tablename__ = "rollup_counts"

    root_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    cut: Mapped[str] = mapped_column(String(16), primary_key=True)
    asked: Mapped[int]
    received: Mapped[int]
    answered: Mapped[int]
    in_time: Mapped[int]
    accepted: Mapped[int]
    returned: Mapped[int]  # to be corrected now


class RollupAccepted(Base):
    """What the accepted answers to one assignment come to, for kinds that compile them: the parts of
    counting.accepted.Total that pages show."""

    __tablename__ = "rollup_accepted"

    assignment_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    totals: Mapped[list[Any]]
    counted_at: Mapped[datetime]


class RollupField(Base):
    """What the answers to one field say together, below one union. `totals`: counting.totals."""

    __tablename__ = "rollup_fields"

    root_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    key: Mapped[str] = mapped_column(String(81), primary_key=True)  # a field, or `field.column` of a table
    totals: Mapped[dict[str, Any]]
