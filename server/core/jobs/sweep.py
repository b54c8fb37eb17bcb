"""The sweep: finds jobs that lost their wake-up or their worker, and work that comes round by the clock."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.core import clock
from server.core.jobs.claims import is_any_due
from server.core.jobs.periodic import run_periodic
from server.core.jobs.runner import Runner
from server.core.jobs.wake_ups import ENOUGH, WakeUps

log = structlog.get_logger(__name__)

FAILED_PAUSE = 3.0  # seconds until the next turn when the database is away
GRACE = timedelta(seconds=1)  # a job younger than this has a wake-up on its way


class Sweeper:
    """Wakes workers up for jobs whose wake-up was lost, and does the work itself when nobody can be woken up."""

    def __init__(self, runner: Runner, wake_ups: WakeUps) -> None:
        self._runner = runner
        self._wake_ups = wake_ups

    def sweep(self, stopping: threading.Event) -> int:
        """One round. Returns how many jobs were run here, because the queue is away."""
        waiting = self._wake_ups.waiting()
        if waiting:
            return 0  # workers are up, or about to be: each goes on until nothing is due
        with self._runner.context.database.reading() as session:
            if not is_any_due(session, clock.now() - GRACE):
                return 0
        if waiting is not None and self._wake_ups.send(ENOUGH):
            return 0
        ran = self._runner.drain(stopping)
        log.warning("worked_without_wake_ups", jobs=ran)
        return ran


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
