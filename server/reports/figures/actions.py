"""Writes of figure snapshots."""

from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.core import ids
from server.core.jobs.actions import enqueue
from server.reports.figures.counting.cuts import Cut
from server.reports.figures.models import FigureSnapshot
from server.reports.figures.schemas import Figures

_TABLE = cast(Table, FigureSnapshot.__table__)
_KEY = ["union_id", "campaign_id", "cut"]


NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def ask_for_count(session: Session, union_id: UUID, campaign_id: UUID, cut: Cut, *, now: datetime) -> None:
    """Have a subtree counted that never was: an empty snapshot, and a job. Asking again changes nothing."""
    values = _values(union_id, campaign_id, cut, {}, computed_at=NEVER, viewed_at=now)
    insert: Any = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(_TABLE)
    statement = insert.on_conflict_do_nothing(index_elements=_KEY).returning(_TABLE.c.id)
    if session.scalar(statement, values) is not None:
        enqueue(session, "figures.count", union_id=union_id, campaign_id=campaign_id, cut=cut.key)


def keep_snapshot(
    session: Session, union_id: UUID, campaign_id: UUID, cut: Cut, figures: Figures, *, now: datetime
) -> None:
    """Put the figures in place of those counted before, unless later ones are there already."""
    data = figures.model_dump(mode="json")
    values = _values(union_id, campaign_id, cut, data, computed_at=now, viewed_at=now)
    session.execute(_upsert(session.get_bind().dialect.name), values)


def _values(
    union_id: UUID, campaign_id: UUID, cut: Cut, data: dict[str, Any], *, computed_at: datetime, viewed_at: datetime
) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "union_id": union_id,
        "campaign_id": campaign_id,
        "cut": cut.key,
        "data": data,
        "computed_at": computed_at,
        "viewed_at": viewed_at,
    }


def _upsert(dialect: str) -> Insert:
    insert: Any = sqlite.insert(_TABLE) if dialect == "sqlite" else postgresql.insert(_TABLE)
    fresh = insert.excluded
    return cast(
        Insert,
        insert.on_conflict_do_update(
            index_elements=_KEY,
            set_={"data": fresh.data, "computed_at": fresh.computed_at},
            where=_TABLE.c.computed_at <= fresh.computed_at,
        ),
    )


def note_viewed(session: Session, snapshot_id: UUID, *, now: datetime) -> None:
    """Somebody looked: keep it fresh for another day."""
    session.execute(update(_TABLE).where(_TABLE.c.id == snapshot_id).values(viewed_at=now))
