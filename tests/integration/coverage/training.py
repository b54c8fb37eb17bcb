"""Rows of coverage written straight into the tables, and counting them now."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.db import Database
from server.kit.scope import ancestors_of
from server.oversight.coverage.jobs import count_changes
from server.oversight.coverage.models import Denominator, DenominatorSource
from server.oversight.training.models import (
    Attendance,
    CheckInMeans,
    ConfirmedBy,
    SessionKind,
    SessionStatus,
    TrainingSession,
)
from server.unions.tree.models import Union
from tests.support.world import World


def count_coverage(database: Database) -> None:
    """Count whatever changed, as the job does every few seconds."""
    count_changes(database)


def hold_session(session: Session, world: World, day: date, kind: SessionKind = SessionKind.COURSE) -> TrainingSession:
    """A session of the city on a day."""
    start = datetime.combine(day, time(1), UTC)
    row = TrainingSession(
        id=ids.new_id(), number=ids.new_id().hex[-12:], kind=kind, status=SessionStatus.RUNNING,
        organiser_id=world.unions.city, title="安全培训", venue="会议室", starts_at=start,
        ends_at=start.replace(hour=3), check_in_from=start, check_in_until=start.replace(hour=2), check_out_from=start,
        check_out_until=start.replace(hour=4), hours=Decimal("2.0"), planned_by_id=world.people.city_reviewer.id,
        created_at=start, updated_at=start, city_id=world.unions.city,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def attend(session: Session, held: TrainingSession, enterprise_id: UUID, who: str, **columns: Any) -> Attendance:
    """Somebody was there, came and stayed."""
    at = held.starts_at
    confirmed = {"confirmed_by": ConfirmedBy.TRAINER, "confirmed_at": at}
    values: dict[str, Any] = {"name": who, "is_counted": True, **confirmed, **columns}
    row = Attendance(
        id=ids.new_id(), session_id=held.id, who=who, kind=held.kind, held_on=at.date(), means=CheckInMeans.TRAINER,
        checked_in_at=at, created_at=at, updated_at=at,
        **ancestors_of(session.get_one(Union, enterprise_id)), **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def sign(session: Session, world: World, enterprise_id: UUID, day: date, **heads: int) -> Denominator:
    """What an enterprise had on a day."""
    values = {"own": 10, "dispatched": 0, "contractors": 0, "officers_required": 1, "teams": 0, **heads}
    row = Denominator(
        id=ids.new_id(), enterprise_id=enterprise_id, as_of=day, source=DenominatorSource.UNION,
        signed_by="企业工会主席", entered_by_id=world.people.city_reviewer.id,
        entered_at=datetime.combine(day, time(1), UTC), **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
