"""Writes of what is added up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from server.assignments.rollup.counting.adding_up import BATCH, Sums, kept_counts, kept_fields
from server.assignments.rollup.models import Rollup, RollupChange, RollupCount, RollupField

COUNTS, FIELDS = cast(Table, RollupCount.__table__), cast(Table, RollupField.__table__)


def find_changed(session: Session) -> tuple[UUID, Sequence[int]] | None:
    """An assignment to be added up, and the changes of it that are known so far: one with a lower number may still be
    under way."""
    root_id = session.scalar(select(RollupChange.root_id).order_by(RollupChange.id).limit(1))
    if root_id is None:
        return None
    return root_id, session.scalars(select(RollupChange.id).where(RollupChange.root_id == root_id)).all()


def keep_sums(session: Session, root_id: UUID, sums: Sums, *, known: Sequence[int], now: datetime) -> None:
    """Put what was added up in place of what was there. Changes that are not `known` stay to be counted."""
    for start in range(0, len(known), BATCH):
        session.execute(delete(RollupChange).where(RollupChange.id.in_(known[start : start + BATCH])))
    for table, rows in ((COUNTS, kept_counts(sums, root_id)), (FIELDS, kept_fields(sums, root_id))):
        session.execute(delete(table).where(table.c.root_id == root_id))
        _insert(session, table, rows)
    session.merge(Rollup(root_id=root_id, counted_at=now))


def _insert(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(table.insert(), rows)
