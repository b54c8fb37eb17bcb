"""Migrated databases, made once in a run and copied for each test, in each of its processes."""

import fcntl
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import md5
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import make_url

from server.core.db import Database
from server.core.settings import Settings
from server.migrations.run import upgrade
from tests.support.servers import Postgres, begin, copy_data
from tests.support.world import World

SECRET = "a secret for tests that is long enough"
Fill = Callable[[Database], World]
WORLDS = TypeAdapter(list[World])


def settings_for(url: str, **others: object) -> Settings:
    """Settings for a database alone."""
    return Settings(secret_key=SECRET, database_url=url, **others)  # type: ignore[arg-type]  # pydantic parses


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema, as `suishoupai migrate` does."""
    database = Database(settings_for(url))
    try:
        upgrade(database)
    finally:
        database.close()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """No other process of the run that names the same file is in here."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class SqliteCopies:
    """SQLite files copied from one that is migrated and filled once.

    `folder` is one for all processes of a run: the first that needs it makes it.
    """

    def __init__(self, folder: Path, fill: Fill) -> None:
        self.folder, self.fill = folder, fill
        self._worlds: list[World] = []

    def template(self, filled: bool = True) -> Path:
        """The file that copies are made from."""
        empty, full = (self.folder / f"template-{name}.db" for name in ("empty", "filled"))
        if not self._worlds:
            self._worlds += _once(self.folder / "sqlite", lambda: self._make(empty, full))
        return full if filled else empty

    def _make(self, empty: Path, full: Path) -> World:
        migrate(f"sqlite:///{empty}")
        shutil.copyfile(empty, full)
        return _fill(f"sqlite:///{full}", self.fill)

    @property
    def world(self) -> World:
        """What is in the filled copies."""
        self.template()
        return self._worlds[0]

    def copy(self, folder: Path, filled: bool = True) -> str:
        """A database of its own in `folder`, where the service looks for it. Returns its URL."""
        path = folder / "suishoupai.db"
        shutil.copyfile(self.template(filled), path)
        return f"sqlite:///{path}"


class PostgresData:
    """The data of a PostgreSQL server with an empty and a filled database in it.

    As with SQLite, the first process that needs it makes it; all others begin with a copy of its files. A dump would
    do, but its indexes come in another order, by which the planner chooses between equals.
    """

    EMPTY, FILLED = "template_empty", "template_filled"

    def __init__(self, folder: Path, fill: Fill) -> None:
        self.files = folder / "postgresql"
        [self.world] = _once(self.files, lambda: self._make(fill))

    def _make(self, fill: Fill) -> World:
        with begin(Postgres) as server:
            server.execute(f"CREATE DATABASE {self.EMPTY}")
            migrate(server.url(self.EMPTY))
            server.execute(f"CREATE DATABASE {self.FILLED} TEMPLATE {self.EMPTY} STRATEGY FILE_COPY")
            world = _fill(server.url(self.FILLED), fill)
            server.stop(signal.SIGINT)  # a fast shutdown, which leaves everything in its files
            copy_data(server.folder / "data", self.files)
        return world


class PostgresCopies:
    """Databases copied from those that are in every PostgreSQL server of a run: each process has its own server."""

    def __init__(self, server: Postgres, data: PostgresData) -> None:
        self.server, self.world = server, data.world

    def copy(self, folder: Path, filled: bool = True) -> str:
        """A database for the service whose data is in `folder`. Returns its URL; give it back with `drop`."""
        name = f"test_{md5(str(folder).encode(), usedforsecurity=False).hexdigest()}"
        template = PostgresData.FILLED if filled else PostgresData.EMPTY
        self.server.execute(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            # Copying files is quicker than going through the log, as long as nobody waits for the disk.
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY",
        )
        return self.server.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.server.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


def _once(path: Path, make: Callable[[], World]) -> list[World]:
    """What is in a template that is made at `path` by the first process of a run that needs it."""
    made = path.with_suffix(".json")  # written last
    with _alone(path.with_suffix(".lock")):
        if not made.exists():
            made.write_bytes(WORLDS.dump_json([make()]))
        return WORLDS.validate_json(made.read_bytes())


def _fill(url: str, fill: Fill) -> World:
    database = Database(settings_for(url))
    try:
        return fill(database)
    finally:
        database.close()
