"""How many enterprises stand where with each system, below each union: kept by differences, as figures are."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, select, text
from sqlalchemy.orm import Session

from server.core.db import upsert
from server.oversight.systems.models import HeldChange, HeldFact, HeldStatus, HeldSum, HeldSystem, SafetySystem
from server.unions.tree.models import Union

FACTS, SUMS = cast(Table, HeldFact.__table__), cast(Table, HeldSum.__table__)
BATCH = 1000  # rows counted in one transaction
_COLUMNS = ("system_id", "status", "city_id", "district_id", "town_id")
Key = tuple[UUID, UUID, HeldStatus]


def count_changes(session: Session) -> int:
    """Count again what changed, a batch of it. Returns how many changes that were."""
    if session.get_bind().dialect.name == "postgresql":  # two who count the same would take it out twice
        session.execute(text("LOCK TABLE held_system_facts IN SHARE ROW EXCLUSIVE MODE"))
    changes = session.execute(select(HeldChange.id, HeldChange.held_id).order_by(HeldChange.id).limit(BATCH)).all()
    wanted = {change.held_id for change in changes}
    if not wanted:
        return 0
    before = session.execute(select(FACTS).where(FACTS.c.held_id.in_(wanted))).all()
    after = session.execute(
        select(HeldSystem.id.label("held_id"), *(getattr(HeldSystem, name) for name in _COLUMNS))
        .join(Union, Union.id == HeldSystem.enterprise_id)
        .join(SafetySystem, SafetySystem.id == HeldSystem.system_id)
        .where(HeldSystem.id.in_(wanted), Union.is_active.is_(True), SafetySystem.is_asked.is_(True))
    ).all()
    sums: Counter[Key] = Counter(key for row in after for key in _keys(row))
    sums.subtract(key for row in before for key in _keys(row))
    _add(session, sums)
    session.execute(delete(FACTS).where(FACTS.c.held_id.in_(wanted)))
    if after:
        session.execute(FACTS.insert(), [dict(row._mapping) for row in after])
    session.execute(delete(HeldChange).where(HeldChange.id.in_([change.id for change in changes])))
    return len(changes)


def _keys(row: Any) -> Iterator[Key]:
    for union_id in (row.city_id, row.district_id, row.town_id):
        if union_id is not None:
            yield union_id, row.system_id, row.status


def _add(session: Session, sums: Counter[Key]) -> None:
    rows = [
        {"union_id": union_id, "system_id": system_id, "status": status, "enterprises": count}
        for (union_id, system_id, status), count in sums.items()
        if count
    ]
    if not rows:
        return
    row = upsert(SUMS)
    added = {"enterprises": SUMS.c.enterprises + row.excluded.enterprises}
    session.execute(row.on_conflict_do_update(index_elements=list(SUMS.primary_key.columns), set_=added), rows)
