"""The sweep: finds jobs that lost their wake-up or their worker, and work that comes round by the clock."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from server.core import clock
from server.core.jobs.models import Job, JobState
from server.core.jobs.periodic import run_periodic
from server.core.jobs.runner import Runner
from server.core.jobs.wake_ups import WakeUps

log = structlog.get_logger(__name__)

ENOUGH_WAITING = 100  # wake-ups in the queue: workers are busy already, more would only pile up
BATCH = 200
FAILED_PAUSE = 3.0  # seconds until the next turn when the database is away
GRACE = timedelta(seconds=1)  # a job younger than this has a wake-up on its way


class Sweeper:
    """Sends the wake-ups that were lost, and does the work itself when nobody can be woken up."""

    def __init__(self, runner: Runner, wake_ups: WakeUps) -> None:
        self._runner = runner
        self._wake_ups = wake_ups

    def sweep(self, stopping: threading.Event) -> int:
        """One round. Returns how many jobs were woken up or, if the queue is away, run here."""
        waiting = self._wake_ups.waiting()
        if waiting is not None and waiting >= ENOUGH_WAITING:
            return 0
        job_ids = self._overdue(clock.now() - GRACE)
        if not job_ids or (waiting is not None and self._wake_ups.send(job_ids)):
            return len(job_ids)
        log.warning("working_without_wake_ups", jobs=len(job_ids))
        ran = 0
        for job_id in job_ids:
            if stopping.is_set():
                break
            self._runner.run(job_id)
            ran += 1
        return ran

    def _overdue(self, moment: datetime) -> list[UUID]:
        """The jobs most overdue. One short walk along each index, however many wait."""
        ready = select(Job.id).where(Job.state == JobState.READY, Job.run_at <= moment).order_by(Job.run_at)
        lost = select(Job.id).where(Job.state == JobState.RUNNING, Job.lease_until < moment).order_by(Job.lease_until)
        with self._runner.context.database.reading() as session:
            return [job_id for few in (lost, ready) for job_id in session.scalars(few.limit(BATCH))]


class Loop(threading.Thread):
    """Does something again and again until stopped, whatever the database says meanwhile."""

    def __init__(self, name: str, turn: Callable[[threading.Event], object], seconds: float) -> None:
        super().__init__(name=name, daemon=True)
        self._turn = turn
        self._seconds = seconds
        self.stopping = threading.Event()

    def run(self) -> None:
        """Turn at once, then every so many seconds."""
        while not self.stopping.is_set():
            pause = self._seconds
            try:
                self._turn(self.stopping)
            except SQLAlchemyError as error:
                log.warning("turn_failed", loop=self.name, error=type(error).__name__)
                pause = max(pause, FAILED_PAUSE)
            except Exception:
                log.exception("turn_failed", loop=self.name)
                pause = max(pause, FAILED_PAUSE)
            self.stopping.wait(pause)


def periodic_loop(runner: Runner) -> Loop:
    """The loop that does what comes round by the clock."""
    return Loop("periodic", lambda stopping: run_periodic(runner, stopping), 1.0)


def sweep_loop(runner: Runner, wake_ups: WakeUps, seconds: float) -> Loop:
    """The loop that sweeps every `seconds`."""
    return Loop("sweep", Sweeper(runner, wake_ups).sweep, seconds)
