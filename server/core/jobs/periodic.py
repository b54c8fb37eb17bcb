"""Work that comes round by the clock: each kind is done by one worker at a time, whoever claims its row first."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from server.core import clock, ids, metrics
from server.core.jobs.clock_jumps import is_ahead, pull_back
from server.core.jobs.models import PeriodicRun
from server.core.jobs.registry import PERIODIC, PeriodicJob
from server.core.jobs.runner import Runner
from server.core.logging import describe_exception

log = structlog.get_logger(__name__)

MAX_SECONDS = 1800.0  # a run longer than this loses its lease


def run_periodic(runner: Runner, stopping: threading.Event) -> int:
    """Do whatever is due and nobody else is at. Returns how many were done here."""
    moment = clock.now()
    rows = _due_times(runner)
    if is_ahead(rows.items(), moment):
        pull_back(runner.context.database, runner.heartbeat.lease)
        moment, rows = clock.now(), _due_times(runner)
    done = 0
    for work in list(PERIODIC.values()):
        if stopping.is_set():
            break
        if work.name not in rows:
            _introduce(runner, work, moment)
        elif rows[work.name] > moment:
            continue
        done += _run_one(runner, work)
    return done


def _due_times(runner: Runner) -> dict[str, datetime]:
    with runner.context.database.reading() as session:
        return dict(session.execute(select(PeriodicRun.name, PeriodicRun.due_at)).all())


def _introduce(runner: Runner, work: PeriodicJob, moment: datetime) -> None:
    try:
        with runner.context.database.transaction() as session:
            session.execute(insert(PeriodicRun).values(name=work.name, due_at=moment))
    except IntegrityError:
        log.debug("periodic_known", work=work.name)  # another worker was first


def _run_one(runner: Runner, work: PeriodicJob) -> bool:
    lease_id = _claim(runner, work)
    if lease_id is None:
        return False
    error: str | None = None
    began = time.perf_counter()
    with structlog.contextvars.bound_contextvars(work=work.name):
        try:
            with runner.heartbeat.holding(PeriodicRun, lease_id, MAX_SECONDS):
                work.handler(runner.context)
        except Exception as failure:  # it comes round again; the reason is kept with the row
            error = describe_exception(failure)
            log.warning("periodic_failed", exc_info=failure)
    metrics.JOBS.labels(work.name, "failed" if error else "done").inc()
    metrics.JOB_SECONDS.labels(work.name).observe(time.perf_counter() - began)
    moment = clock.now()
    _write(runner, work, lease_id, {"lease_id": None, "lease_until": None, "finished_at": moment, "error": error})
    return True


def _claim(runner: Runner, work: PeriodicJob) -> UUID | None:
    """Take the work if it is due and free. The next time is set at once, so a crash costs one round."""
    moment, lease_id = clock.now(), ids.new_id()
    with runner.context.database.transaction() as session:
        row = session.execute(
            update(PeriodicRun)
            .where(
                PeriodicRun.name == work.name,
                PeriodicRun.due_at <= moment,
                or_(PeriodicRun.lease_until.is_(None), PeriodicRun.lease_until < moment),
            )
            .values(
                due_at=moment + timedelta(seconds=work.seconds),
                lease_id=lease_id,
                lease_until=moment + runner.heartbeat.lease,
            )
            .returning(PeriodicRun.name)
            .execution_options(synchronize_session=False)
        ).one_or_none()
    return lease_id if row else None


def _write(runner: Runner, work: PeriodicJob, lease_id: UUID, values: dict[str, Any]) -> None:
    with runner.context.database.transaction() as session:
        session.execute(
            update(PeriodicRun)
            .where(PeriodicRun.name == work.name, PeriodicRun.lease_id == lease_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )
