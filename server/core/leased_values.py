"""Small values that all processes share through the database, each renewed by one process at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import String, Table, Uuid, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from server.core import clock, ids
from server.core.db import Base, Database, upsert
from server.core.encryption import EncryptedJson


class SharedValue(Base):
    """A value by name. Whoever holds the lease may replace it; a lease that ran out binds nobody."""

    __tablename__ = "shared_values"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(EncryptedJson())
    lease_id: Mapped[UUID | None] = mapped_column(Uuid())
    lease_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


CLOCK_SLACK = timedelta(minutes=2)  # a lease that ends later was taken while a clock was ahead
_TABLE = cast(Table, SharedValue.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing(index_elements=["name"])


@dataclass(frozen=True, slots=True)
class LeasedValue:
    """One shared value. Each method is a transaction of its own: never call them within another."""

    database: Database
    name: str

    def read(self) -> dict[str, Any]:
        """The value; empty when there is none yet."""
        with self.database.reading() as session:
            return session.scalar(select(SharedValue.value).where(SharedValue.name == self.name)) or {}

    def claim(self, seconds: float) -> UUID | None:
        """Take the right to replace the value for `seconds`; None while somebody else has it."""
        now, lease_id = clock.now(), ids.new_id()
        with self.database.transaction() as session:
            blank = {"name": self.name, "value": {}, "updated_at": now}
            session.execute(_INSERT, blank)
            taken = session.execute(
                update(SharedValue)
                .where(
                    SharedValue.name == self.name,
                    or_(
                        SharedValue.lease_until.is_(None),
                        SharedValue.lease_until < now,
                        SharedValue.lease_until > now + timedelta(seconds=seconds) + CLOCK_SLACK,
                    ),
                )
                .values(lease_id=lease_id, lease_until=now + timedelta(seconds=seconds))
                .returning(SharedValue.name)
                .execution_options(synchronize_session=False)
            ).one_or_none()
        return lease_id if taken else None

    def release(self, lease_id: UUID, value: dict[str, Any] | None = None) -> None:
        """Give the right back, with a new value or the old one left as it is. Too late: nothing is changed."""
        changes: dict[str, Any] = {"lease_id": None, "lease_until": None, "updated_at": clock.now()}
        if value is not None:
            changes["value"] = value
        with self.database.transaction() as session:
            session.execute(
                update(SharedValue)
                .where(SharedValue.name == self.name, SharedValue.lease_id == lease_id)
                .values(changes)
                .execution_options(synchronize_session=False)
            )
