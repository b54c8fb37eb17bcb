"""A clock that was ahead for a while: what was dated then lies in the future now, and would wait until it comes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core import clock
from server.core.db import Database
from server.core.jobs.models import Job, JobState, PeriodicRun
from server.core.jobs.registry import PERIODIC
from server.core.leased_values import LeasedValue

log = structlog.get_logger(__name__)

SLACK = timedelta(minutes=2)  # clocks of several machines differ, and are set by seconds every now and then
SHORT = timedelta(hours=3)  # a job that was to wait no longer waits for its next try, not for a day that was agreed
TOLD_FOR = timedelta(days=1)
SLOT = "clock_jump"
BATCH = 1000


def is_ahead(due: Iterable[tuple[str, datetime]], moment: datetime) -> bool:
    """Whether a periodic work's next time lies further ahead than one round."""
    return any(
        name in PERIODIC and due_at > moment + timedelta(seconds=PERIODIC[name].seconds) + SLACK for name, due_at in due
    )


def pull_back(database: Database, lease: timedelta) -> None:
    """Bring what was dated by a clock that was ahead back to now, and keep for a day that this was so."""
    moment = clock.now()
    with database.transaction() as session:
        furthest = max(_pull_leases(session, moment, lease), _pull_rounds(session, moment), _pull_jobs(session, moment))
    if furthest > moment:
        seconds = int((furthest - moment).total_seconds())
        log.error("clock_was_ahead", seconds=seconds)
        slot = LeasedValue(database, SLOT)
        if lease_id := slot.claim(10):
            slot.release(lease_id, {"noticed_at": moment.isoformat(), "seconds": seconds})


def noticed_jump(database: Database, now: datetime) -> timedelta | None:
    """How far the clock was found to have been ahead within the last day; None if it was not."""
    noted = LeasedValue(database, SLOT).read()
    if not noted or now - datetime.fromisoformat(noted["noticed_at"]) > TOLD_FOR:
        return None
    return timedelta(seconds=noted["seconds"])


def _pull_leases(session: Session, moment: datetime, lease: timedelta) -> datetime:
    """Whoever is at work extends its lease within this time; whoever fell silent loses it."""
    furthest = moment
    for table in (Job, PeriodicRun):
        far = table.lease_until > moment + lease + SLACK
        ends = session.scalars(select(table.lease_until).where(far)).all()
        furthest = max([furthest, *(until - lease for until in ends if until)])
        _write(session, update(table).where(far).values(lease_until=moment + lease))
    return furthest


def _pull_rounds(session: Session, moment: datetime) -> datetime:
    furthest = moment
    for name, due_at in session.execute(select(PeriodicRun.name, PeriodicRun.due_at)).all():
        if is_ahead([(name, due_at)], moment):
            furthest = max(furthest, due_at - timedelta(seconds=PERIODIC[name].seconds))
            _write(session, update(PeriodicRun).where(PeriodicRun.name == name).values(due_at=moment))
    return furthest


def _pull_jobs(session: Session, moment: datetime) -> datetime:
    """Jobs written then: they wait as long as they were to wait."""
    furthest = moment
    rows = session.execute(
        select(Job.id, Job.run_at, Job.updated_at)
        .where(Job.state == JobState.READY, Job.updated_at > moment + SLACK)
        .limit(BATCH)
    )
    for row in rows.all():
        furthest = max(furthest, row.updated_at)
        wait = row.run_at - row.updated_at
        run_at = moment + wait if wait < SHORT else row.run_at
        _write(session, update(Job).where(Job.id == row.id).values(run_at=run_at, updated_at=moment))
    return furthest


def _write(session: Session, statement: Any) -> None:
    session.execute(statement.execution_options(synchronize_session=False))
