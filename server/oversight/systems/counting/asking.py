"""Keeping a row for each enterprise and system that is asked about."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, and_, exists, select
from sqlalchemy.orm import Session

from server.core import ids
from server.oversight.systems.models import HeldStatus, HeldSystem, SafetySystem
from server.unions.roles import Level
from server.unions.tree.models import Union

TABLE = cast(Table, HeldSystem.__table__)
BATCH = 1000


def ask_some(session: Session, now: datetime, enterprise_id: UUID | None = None) -> int:
    """Make up to BATCH rows that are missing, of all enterprises or of one. Nobody does anything by that, so
    that nothing stands in the log."""
    there = exists().where(HeldSystem.enterprise_id == Union.id, HeldSystem.system_id == SafetySystem.id)
    those = [Union.id == enterprise_id] if enterprise_id is not None else []
    missing = session.execute(
        select(
            SafetySystem.id.label("system_id"), Union.parent_id, Union.city_id, Union.district_id, Union.town_id,
            Union.enterprise_id,
        )
        .join(Union, and_(Union.city_id == SafetySystem.city_id, Union.level == Level.ENTERPRISE))
        .where(SafetySystem.is_asked.is_(True), Union.is_active.is_(True), ~there, *those)
        .limit(BATCH)
    ).all()  # fmt: skip
    if missing:
        values = [
            {
                "id": ids.new_id(), "system_id": row.system_id, "checker_id": row.parent_id, "version": 1,
                "status": HeldStatus.UNSTATED, "updated_at": now, "city_id": row.city_id, "title": "", "note": "",
                "reason": "", "district_id": row.district_id, "town_id": row.town_id,
                "enterprise_id": row.enterprise_id,
            }
            for row in missing
        ]  # fmt: skip
        session.execute(TABLE.insert(), values)
    return len(missing)
