"""Databases filled for a measurement, and services on them, gone at its end."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench_parts.city import City, build_city, read_city
from bench_parts.seeding import seed, take_stock
from bench_parts.servers import BareService, DurablePostgres, KeptPostgres, running
from bench_parts.sizes import Size
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

    `web`: settings of the web servers, the bare one too, that differ from the usual (web_workers, web_threads). `kept`:
    where databases stay that `filled` gives out, and photos that are sent; None: nowhere.
    """

    def __init__(self, web: Mapping[str, Any] | None = None, kept: Path | None = None) -> None:
        self._kept = kept
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

    def photos(self) -> Path:
        """A folder for photos that are sent; it stays if databases do."""
        folder = (self._kept or self.folder) / "photos"
        folder.mkdir(parents=True, exist_ok=True)
        return folder.resolve()

    def postgres(self) -> DurablePostgres:
        """The PostgreSQL server, started when first asked for."""
        if self._postgres is None:
            server = KeptPostgres(self._kept / "postgresql") if self._kept else DurablePostgres()
            self._postgres = self._stack.enter_context(server)
        return self._postgres

    def settings(self, kind: str) -> Settings:
        """Settings as in production, for an empty database of `kind` (SQLite or PostgreSQL) and a folder for photos."""
        self._number += 1
        folder = self.folder / f"{kind}-{self._number}"
        folder.mkdir()
        if kind == "SQLite":
            return self._settings(folder)
        name = f"bench_{self._number}"
        self.postgres().execute(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")  # a kept server has some
        url = self.postgres().url(name)
        return self._settings(folder, database_url=url)

    def _settings(self, folder: Path, **changes: Any) -> Settings:
        usual = {"console_idle_minutes": IDLE, **self._web}
        return Settings(secret_key=SECRET, data_dir=folder, **{**usual, **changes})

    def filled(self, kind: str, size: Size) -> tuple[Settings, City]:
        """A database of that size with what stands around its submissions: one that was kept, in the newest schema, or
        a new one."""
        if self._kept is None:
            settings = self.settings(kind)
            return settings, self._fill(settings, size, is_surrounded=True)
        name = f"bench_{kind.lower()}_{size.submissions}{size.suffix}"
        folder = (self._kept / name).resolve()
        mark = folder / "filled"
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        if kind == "SQLite":
            settings = self._settings(folder)
        else:
            if not mark.exists():
                self.postgres().execute(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
            settings = self._settings(folder, database_url=self.postgres().url(name))
        city = self.reopen(settings) if mark.exists() else self._fill(settings, size, is_surrounded=True)
        mark.touch()
        return settings, city

    def reopen(self, settings: Settings) -> City:
        """A database that was filled before, brought to the newest schema."""
        database = Database(settings)
        try:
            upgrade(database)
            with database.transaction() as session:
                city = read_city(session, clock.now())
            take_stock(database)
        finally:
            database.close()
        return city

    def fill(self, settings: Settings, count: int) -> City:
        """The newest schema with a city and `count` submissions in it."""
        return self._fill(settings, Size(count), is_surrounded=False)

    def _fill(self, settings: Settings, size: Size, *, is_surrounded: bool) -> City:
        database = Database(settings)
        try:
            upgrade(database)
            now = clock.now()
            with database.transaction() as session:
                city = build_city(session, size, now)
            seed(database, city, size, now)
            if is_surrounded:
                surround(database, city, size, now)
        finally:
            database.close()
        return city

    @contextmanager
    def service(self, kind: str, settings: Settings, city: City) -> Iterator[Ready]:
        """The web server on a filled database."""
        with running(Service(settings)) as service:
            yield Ready(kind, settings, city, service, (*_pids(service), *self.database_pids(settings)))

    @contextmanager
    def bare(self) -> Iterator[tuple[BareService, tuple[int, ...]]]:
        """The bare application under the same gunicorn."""
        self._number += 1
        folder = self.folder / f"bare-{self._number}"
        service = BareService(self._settings(folder), folder / "kept")
        with running(service):
            yield service, _pids(service)

    def database_pids(self, settings: Settings) -> tuple[int, ...]:
        """The process whose time is the database's, none for SQLite."""
        if settings.is_sqlite or self._postgres is None or self._postgres.process is None:
            return ()
        return (self._postgres.process.pid,)


def _pids(service: Service) -> tuple[int, ...]:
    return (service.web.pid,) if service.web is not None else ()
