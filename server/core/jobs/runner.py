"""Running jobs: claim with a lease, do the work, then delete, put back for later, or give up."""

import random
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast, get_type_hints
from uuid import UUID

import structlog
from sqlalchemy import CursorResult, delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.core import clock, metrics
from server.core.jobs.claims import Claim, claim_next
from server.core.jobs.leases import Heartbeat
from server.core.jobs.models import Job, JobState
from server.core.jobs.registry import JOBS, GiveUp, JobContext, RegisteredJob
from server.core.logging import describe_exception
from server.core.outages import is_outage

log = structlog.get_logger(__name__)

UNKNOWN_ATTEMPTS = 8  # for names that this process does not know: perhaps a newer one enqueued them
FIRST_BACK_OFF = 10.0  # seconds
BACK_OFF_FACTOR = 3.0
LONGEST_BACK_OFF = 7200.0
OUTAGE_PAUSE = 30.0  # seconds until a job is tried again that failed because something was away
LONGEST_OUTAGE = timedelta(days=3)  # after which a job that never gets through fails like any other
FINISH_SECONDS = 600.0  # how long a result waits for the database: nobody can take the job meanwhile either


class Outcome(StrEnum):
    """What became of one attempt."""

    DONE = "done"
    RETRY = "retry"
    DEAD = "dead"
    LOST = "lost"  # the lease ran out in the middle; another attempt will settle the row


def back_off(attempt: int) -> timedelta:
    """How long to wait after the failed attempt number `attempt` (from 1): tripling, capped, a quarter of it chance."""
    return _about(min(FIRST_BACK_OFF * BACK_OFF_FACTOR ** (attempt - 1), LONGEST_BACK_OFF))


def _about(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311  (spreads retries, guards nothing)


class Runner:
    """Runs jobs of one worker process."""

    def __init__(self, context: JobContext, heartbeat: Heartbeat) -> None:
        self.context = context
        self.heartbeat = heartbeat

    def run_next(self) -> Outcome | None:
        """Make one attempt at the most urgent job that is due; None if there is none.

        Raises only what the database raises before a job is claimed.
        """
        claimed = claim_next(self.context.database, self.heartbeat.lease)
        if claimed is None:
            return None
        known = JOBS.get(claimed.name)
        names = {"job": claimed.name, "job_id": str(claimed.job_id), "attempt": claimed.attempt}
        with structlog.contextvars.bound_contextvars(**names):
            began = time.perf_counter()
            outcome = self._attempt(claimed, known)
            seconds = time.perf_counter() - began
            metrics.JOBS.labels(claimed.name, outcome.value).inc()
            metrics.JOB_SECONDS.labels(claimed.name).observe(seconds)
            log.info("job", outcome=outcome.value, ms=round(seconds * 1000, 1))
            return outcome

    def drain(self, stopping: threading.Event) -> int:
        """Make attempts until nothing is due or it is time to stop. Returns how many were made."""
        made = 0
        while not stopping.is_set() and self.run_next() is not None:
            made += 1
        return made

    def release_all(self) -> int:
        """Put back what is in hand, uncounted, so that another worker may start on it at once. Returns how many."""
        lease_ids = self.heartbeat.held(Job)
        if not lease_ids:
            return 0
        moment = clock.now()
        with self.context.database.transaction() as session:
            done = session.execute(
                update(Job)
                .where(Job.lease_id.in_(lease_ids))
                .values(_free(JobState.READY, moment) | {"run_at": moment, "attempts": Job.attempts - 1})
                .execution_options(synchronize_session=False)
            )
        return cast(CursorResult[Any], done).rowcount

    def _attempt(self, claimed: Claim, known: RegisteredJob | None) -> Outcome:
        most = known.max_attempts if known else UNKNOWN_ATTEMPTS
        if claimed.attempt > most:
            reason = f"WorkerDied: 执行进程在第 {most} 次尝试中途退出或超时"
            return self._finish(claimed, lambda session: self._bury(session, claimed, reason), Outcome.DEAD)
        try:
            if known is None:
                raise LookupError(f"没有名为 {claimed.name} 的任务")
            with self.heartbeat.holding(Job, claimed.lease_id, known.max_seconds):
                known.handler(self.context, **_typed(known, claimed.args))
        except Exception as error:  # noqa: BLE001  (whatever a handler raises is a failed attempt, kept with the row)
            return self._fail(claimed, error, last=claimed.attempt >= most or isinstance(error, GiveUp))
        return self._finish(claimed, lambda session: self._remove(session, claimed), Outcome.DONE)

    def _fail(self, claimed: Claim, error: Exception, *, last: bool) -> Outcome:
        reason = describe_exception(error)
        log.warning("job_failed", exc_info=error, dead=last)
        if is_outage(error) and claimed.age < LONGEST_OUTAGE:
            return self._finish(claimed, lambda session: self._suspend(session, claimed, reason), Outcome.RETRY)
        if last:
            return self._finish(claimed, lambda session: self._bury(session, claimed, reason), Outcome.DEAD)
        return self._finish(claimed, lambda session: self._put_back(session, claimed, reason), Outcome.RETRY)

    def _finish(self, claimed: Claim, write: Callable[[Session], int], outcome: Outcome) -> Outcome:
        """Write how the attempt ended if the lease is still ours. The database may be away for some time."""
        deadline = time.monotonic() + FINISH_SECONDS
        while time.monotonic() < deadline:
            try:
                with self.context.database.transaction() as session:
                    mine = write(session)
            except SQLAlchemyError as error:
                log.warning("outcome_not_written", error=type(error).__name__)
                time.sleep(1)
            else:
                return outcome if mine else Outcome.LOST
        return Outcome.LOST

    @staticmethod
    def _remove(session: Session, claimed: Claim) -> int:
        statement = delete(Job).where(Job.id == claimed.job_id, Job.lease_id == claimed.lease_id)
        result = session.execute(statement.execution_options(synchronize_session=False))
        return cast(CursorResult[Any], result).rowcount

    def _bury(self, session: Session, claimed: Claim, reason: str) -> int:
        return self._update(session, claimed, _free(JobState.DEAD, clock.now()) | {"error": reason})

    def _put_back(self, session: Session, claimed: Claim, reason: str) -> int:
        moment = clock.now()
        later = {"run_at": moment + back_off(claimed.attempt), "error": reason}
        return self._update(session, claimed, _free(JobState.READY, moment) | later)

    def _suspend(self, session: Session, claimed: Claim, reason: str) -> int:
        """Put it back uncounted: what it needs is away for everybody."""
        moment = clock.now()
        later = {"run_at": moment + _about(OUTAGE_PAUSE), "attempts": Job.attempts - 1, "error": reason}
        return self._update(session, claimed, _free(JobState.READY, moment) | later)

    @staticmethod
    def _update(session: Session, claimed: Claim, values: dict[str, Any]) -> int:
        statement = update(Job).where(Job.id == claimed.job_id, Job.lease_id == claimed.lease_id).values(values)
        result = session.execute(statement.execution_options(synchronize_session=False))
        return cast(CursorResult[Any], result).rowcount


def _typed(known: RegisteredJob, args: dict[str, Any]) -> dict[str, Any]:
    """Arguments as the handler declares them: the table keeps UUIDs as text."""
    hints = get_type_hints(known.handler)
    return {key: UUID(value) if hints.get(key) is UUID else value for key, value in args.items()}


def _free(state: JobState, moment: datetime) -> dict[str, Any]:
    return {"state": state, "lease_id": None, "lease_until": None, "updated_at": moment}
