"""Leases: who works on a row must keep saying so; whoever falls silent loses it to another worker."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from server.core import clock
from server.core.db import Database
from server.core.jobs.models import Job, PeriodicRun

log = structlog.get_logger(__name__)

Leased = type[Job] | type[PeriodicRun]


class Heartbeat(threading.Thread):
    """Extends the leases of the work in hand, all of them in one statement, a few times per lease."""

    def __init__(self, database: Database, lease_seconds: float) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.lease = timedelta(seconds=lease_seconds)
        self._database = database
        self._pause = lease_seconds / 4
        self._lock = threading.Lock()
        self._held: dict[UUID, tuple[Leased, float]] = {}  # lease id: (table, monotonic end)
        self._overrun: set[UUID] = set()
        self._stop = threading.Event()

    @contextmanager
    def holding(self, table: Leased, lease_id: UUID, max_seconds: float) -> Iterator[None]:
        """Keep the lease alive for the length of a block, but not beyond `max_seconds`."""
        with self._lock:
            self._held[lease_id] = (table, time.monotonic() + max_seconds)
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(lease_id, None)
                self._overrun.discard(lease_id)

    def held(self, table: Leased) -> list[UUID]:
        """The leases of `table` whose work is in hand now, without those that hang."""
        with self._lock:
            return [key for key, (of, _end) in self._held.items() if of is table and key not in self._overrun]

    def overrun(self) -> int:
        """How many runs are past their time and still going: threads that may never come back."""
        with self._lock:
            return len(self._overrun)

    def run(self) -> None:
        """Beat until stopped. A beat that fails is tried again sooner."""
        pause = self._pause
        while not self._stop.wait(pause):
            pause = self._pause if self.beat() else self._pause / 4

    def beat(self) -> bool:
        """Extend every lease held. False if the database did not let us."""
        try:
            for table in (Job, PeriodicRun):
                self._extend(table)
        except SQLAlchemyError as error:
            log.warning("heartbeat_failed", error=type(error).__name__)
            return False
        return True

    def stop(self) -> None:
        """End the thread at its next turn."""
        self._stop.set()

    def _extend(self, table: Leased) -> None:
        lease_ids = self._in_time(table)
        if not lease_ids:
            return
        with self._database.transaction() as session:
            session.execute(
                update(table)
                .where(table.lease_id.in_(lease_ids))
                .values(lease_until=clock.now() + self.lease)
                .execution_options(synchronize_session=False)
            )

    def _in_time(self, table: Leased) -> list[UUID]:
        moment = time.monotonic()
        with self._lock:
            late = {lease_id for lease_id, (_of, end) in self._held.items() if end < moment} - self._overrun
            self._overrun |= late
            wanted = [lease_id for lease_id, (of, end) in self._held.items() if of is table and end >= moment]
        for lease_id in late:
            log.error("run_hangs", lease_id=str(lease_id))
        return wanted
