"""Databases filled for a measurement, and services on them, gone at its end."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_parts.city import City, build_city
from bench_parts.seeding import seed
from bench_parts.servers import BareService, DurablePostgres, running
from bench_parts.surroundings import surround
from server.core import clock
from server.core.db import Database
from server.core.settings import Settings
from server.migrations.run import upgrade
from tests.support.service import Service

SECRET = "a secret for measurements that is long enough"
IDLE = 24 * 60  # minutes: a million rows take longer to write than a reviewer may be away


@dataclass(frozen=True, slots=True)
class Ready:
    """A service that answers, on a database that is filled. `pids`: those whose processor time is the service's."""

    name: str
    settings: Settings
    city: City
    service: Service
    pids: tuple[int, ...]


class Stage:
    """Gives out databases and services; everything is stopped and removed at the end of the `with` block.

    `web`: settings of the web servers, the bare one too, that differ from the usual (web_workers, web_threads).
    """

    def __init__(self, web: Mapping[str, Any] | None = None) -> None:
        self._web: dict[str, Any] = dict(web or {})
        self._stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="suishoupai-bench-"))
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._postgres: DurablePostgres | None = None
        self._number = 0

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *details: object) -> None:
        self._stack.close()

    def postgres(self) -> DurablePostgres:
        """The PostgreSQL server, started when first asked for."""
        if self._postgres is None:
            self._postgres = self._stack.enter_context(DurablePostgres())
        return self._postgres

    def settings(self, kind: str) -> Settings:
        """Settings as in production, for an empty database of `kind` (SQLite or PostgreSQL) and a folder for photos."""
        self._number += 1
        folder = self.folder / f"{kind}-{self._number}"
        folder.mkdir()
        if kind == "SQLite":
            return self._settings(folder)
        name = f"bench_{self._number}"
        self.postgres().execute(f"CREATE DATABASE {name}")
        url = self.postgres().url(name)
        return self._settings(folder, database_url=url)

    def _settings(self, folder: Path, **changes: Any) -> Settings:
        usual = {"console_idle_minutes": IDLE, **self._web}
        return Settings(secret_key=SECRET, data_dir=folder, **{**usual, **changes})

    def fill(self, settings: Settings, count: int, *, is_surrounded: bool = False) -> City:
        """The newest schema with a city and `count` submissions in it; with what stands around them if wanted."""
        database = Database(settings)
        try:
            upgrade(database)
            now = clock.now()
            with database.transaction() as session:
                city = build_city(session, now)
            seed(database, city, count, now)
            if is_surrounded:
                surround(database, city, count, now)
        finally:
            database.close()
        return city

    @contextmanager
    def service(self, kind: str, settings: Settings, city: City) -> Iterator[Ready]:
        """The web server on a filled database."""
        with running(Service(settings)) as service:
            yield Ready(kind, settings, city, service, (*_pids(service), *self._database_pids(settings)))

    @contextmanager
    def bare(self) -> Iterator[tuple[BareService, tuple[int, ...]]]:
        """The bare application under the same gunicorn."""
        self._number += 1
        folder = self.folder / f"bare-{self._number}"
        service = BareService(self._settings(folder), folder / "kept")
        with running(service):
            yield service, _pids(service)

    def _database_pids(self, settings: Settings) -> tuple[int, ...]:
        if settings.is_sqlite or self._postgres is None or self._postgres.process is None:
            return ()
        return (self._postgres.process.pid,)


def _pids(service: Service) -> tuple[int, ...]:
    return (service.web.pid,) if service.web is not None else ()
