"""A running service whose worker knows the harmful jobs."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.core.jobs import wake_ups
from server.core.jobs.actions import enqueue
from server.core.jobs.models import Job, JobState
from server.core.settings import Settings
from tests.support.servers import wait_until
from tests.support.service import Service


class FragileService(Service):
    """gunicorn, and workers that can be told to wait or to die."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.database = Database(settings)
        wake_ups.install(self.database, wake_ups.WakeUps(settings))

    def start_worker(self) -> None:
        """Start the worker of tests/faults/worker.py."""
        self.worker = self._begin("-m", "tests.faults.worker")

    def log(self) -> str:
        """What both have written, and the jobs as they stand."""
        with self.database.reading() as session:
            jobs = [f"{row.name} {row.state} {row.attempts} {row.error}" for row in session.scalars(select(Job))]
        return "\n".join([super().log(), *jobs])

    def put(self, name: str, mark: str) -> UUID:
        """Enqueue one of the harmful jobs as a request would."""
        with self.database.transaction() as session:
            return enqueue(session, name, mark=mark)

    def state(self, job_id: UUID) -> JobState | None:
        """Where a job stands; None once it is done."""
        with self.database.reading() as session:
            return session.scalar(select(Job.state).where(Job.id == job_id))

    def wait_for_job(self, job_id: UUID, wanted: JobState | None, seconds: float = 30) -> None:
        """Wait until the job stands there."""
        wait_until(lambda: self.state(job_id) is wanted, f"job in state {wanted}\n{self.log()}", seconds)

    def marks(self, name: str) -> list[str]:
        """The lines that a job left."""
        path = Path(self.settings.data_dir) / name
        return path.read_text().splitlines() if path.exists() else []

    def wait_for_mark(self, name: str, count: int = 1) -> None:
        """Wait until a job has left so many lines."""
        wait_until(lambda: len(self.marks(name)) >= count, f"{name}\n{self.log()}", 30)

    def let_go(self) -> None:
        """Let the waiting jobs end."""
        (Path(self.settings.data_dir) / "go").touch()


@pytest.fixture
def service(settings: Settings) -> Iterator[FragileService]:
    """The service, running, on both sizes."""
    running = FragileService(settings)
    try:
        yield running.start()
    finally:
        running.kill()
        running.database.close()
