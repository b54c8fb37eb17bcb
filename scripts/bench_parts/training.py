"""Sessions of training that the city holds, for measurements to be at."""

from datetime import datetime, timedelta
from decimal import Decimal

from bench_parts.city import City
from server.core import ids
from server.oversight.training.models import SessionKind, SessionStatus, TrainingSession
from server.oversight.training.rules import windows_of


def running_session(city: City, number: str, kind: SessionKind, starts_at: datetime) -> TrainingSession:
    """One of two hours that is running."""
    ends_at, seat = starts_at + timedelta(hours=2), city.seats["city"]
    windows = windows_of(starts_at, ends_at)
    return TrainingSession(
        id=ids.new_id(), number=number, kind=kind, status=SessionStatus.RUNNING, organiser_id=seat, city_id=seat,
        title="安全培训", venue="会议室", starts_at=starts_at, ends_at=ends_at, hours=Decimal(2), version=1,
        check_in_from=windows.check_in_from, check_in_until=windows.check_in_until,
        check_out_from=windows.check_out_from, check_out_until=windows.check_out_until,
        planned_by_id=city.desks["city"], created_at=starts_at, updated_at=starts_at,
    )  # fmt: skip
