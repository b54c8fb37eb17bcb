"""The two sizes the service runs in: SQLite and files, or PostgreSQL, S3 and Redis."""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from server import wiring
from server.core.db import Database
from server.core.jobs.leases import Heartbeat
from server.core.jobs.models import Job
from server.core.jobs.registry import JobContext
from server.core.jobs.runner import Runner
from server.core.settings import PREFIX, Settings
from server.core.storage.factory import open_store
from tests.support.databases import SECRET, PostgresCopies, SqliteCopies
from tests.support.servers import Redis, SeaweedFS
from tests.support.world import World

BUCKET = "photos"


class Backend(Protocol):
    """One size: gives the settings of a fresh, filled service and takes back what they used."""

    name: str

    def settings(self, folder: Path, *, filled: bool = True, **changes: Any) -> Settings: ...

    def world(self) -> World: ...

    def clean(self) -> None: ...


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings of a service whose data is in `folder`."""
    values: dict[str, Any] = {
        "secret_key": SECRET,
        "data_dir": folder,
        "demo_sign_in": True,
        "rate_limits": False,
        "log_level": "WARNING",
        "job_sweep_seconds": 0.5,
        "console_idle_minutes": 12 * 60,  # as long as a session lives: tests travel by hours
        "worker_niceness": 0,  # other tests leave no core alone
        "announce_seconds": 0,  # decisions are told at once; tests of the minute before that set it
        **changes,
    }
    return _checked(tuple(values.items()), tuple(each for each in os.environ.items() if each[0].startswith(PREFIX)))


@lru_cache(64)
def _checked(values: tuple[tuple[str, Any], ...], _environment: tuple[tuple[str, str], ...]) -> Settings:
    """Settings do not change: the thousand tests with the usual ones share them, which saves 5 ms each."""
    return Settings(**dict(values))


@dataclass
class Embedded:
    """SQLite and files."""

    databases: SqliteCopies
    name: str = "embedded"

    def settings(self, folder: Path, *, filled: bool = True, **changes: Any) -> Settings:
        self.databases.copy(folder, filled)
        return make_settings(folder, **changes)

    def world(self) -> World:
        return self.databases.world

    def clean(self) -> None:
        """Nothing: everything was in the test's own folder."""


@dataclass
class Scaled:
    """PostgreSQL, S3 and Redis. The servers start when first asked for."""

    databases: Callable[[], PostgresCopies]
    redis: Callable[[], Redis]
    s3: Callable[[], SeaweedFS]
    name: str = "scaled"
    _used: list[str] = field(default_factory=list)

    def settings(self, folder: Path, *, filled: bool = True, **changes: Any) -> Settings:
        url = self.databases().copy(folder, filled)
        self._used.append(url)
        s3 = self.s3()
        self._empty_bucket()
        return make_settings(
            folder,
            **{
                "database_url": url,
                "object_store": "s3",
                "s3_endpoint_url": s3.endpoint_url,
                "s3_region": s3.region,
                "s3_bucket": BUCKET,
                "s3_access_key": s3.access_key,
                "s3_secret_key": s3.secret_key,
                "s3_addressing_style": "path",
                "redis_url": self.redis().url,
                **changes,
            },
        )

    def world(self) -> World:
        return self.databases().world

    def clean(self) -> None:
        while self._used:
            self.databases().drop(self._used.pop())
            self.redis().client().flushall()

    def _empty_bucket(self) -> None:
        client = self.s3().client()
        try:
            while found := client.list_objects_v2(Bucket=BUCKET).get("Contents"):
                client.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": each["Key"]} for each in found]})
        except client.exceptions.NoSuchBucket:
            client.create_bucket(Bucket=BUCKET)


def job_context(settings: Settings, database: Database) -> JobContext:
    """What job handlers work with, beside an application in the same process."""
    wiring.wire()
    return JobContext(settings, database, open_store(settings))


def run_jobs(settings: Settings, database: Database, *, expect_failures: bool = False) -> int:
    """Do all background work that is due, here and now, until there is none. Returns the number of attempts.

    Raises AssertionError with the reason if a job failed, unless failures are expected.
    """
    runner = Runner(job_context(settings, database), Heartbeat(database, settings.job_lease_seconds))
    total = runner.drain(threading.Event())
    if not expect_failures:
        with database.reading() as session:
            failed = [(row.name, row.error) for row in session.execute(select(Job.name, Job.error)) if row.error]
        assert not failed, f"jobs failed: {failed}"
    return total


def waiting_jobs(database: Database) -> list[tuple[str, UUID]]:
    """Names and ids of the jobs not done yet, oldest first."""
    with database.reading() as session:
        return [(row.name, row.id) for row in session.execute(select(Job.name, Job.id).order_by(Job.id))]
