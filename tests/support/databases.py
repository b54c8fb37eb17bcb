"""Migrated databases, made once in a run and copied for each test, in each of its processes."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import md5
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import make_url, text

from server.core.db import Database
from server.core.settings import Settings
from server.migrations.run import upgrade
from tests.support.servers import Postgres
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
        self._templates: dict[bool, Path] = {}
        self._worlds: list[World] = []

    def template(self, filled: bool = True) -> Path:
        """The file that copies are made from."""
        if filled not in self._templates:
            self._templates[filled] = path = self.folder / f"template-{filled}.db"
            made = path.with_suffix(".json")  # the worlds in it; written last
            with _alone(path.with_suffix(".lock")):
                if not made.exists():
                    made.write_bytes(WORLDS.dump_json(_prepare(f"sqlite:///{path}", self.fill if filled else None)))
                self._worlds += WORLDS.validate_json(made.read_bytes())
        return self._templates[filled]

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


class PostgresCopies:
    """PostgreSQL databases copied from one that is migrated and filled once in each process: each has its own server.

    A dump of another's would do, but its indexes come in another order, by which the planner chooses between equals.
    """

    def __init__(self, server: Postgres, fill: Fill) -> None:
        self.server, self.fill = server, fill
        self._templates: dict[bool, str] = {}
        self._worlds: list[World] = []

    def _template(self, filled: bool) -> str:
        if filled not in self._templates:
            name = f"template_{'filled' if filled else 'empty'}"
            self.server.execute(f"CREATE DATABASE {name}")
            self._worlds += _prepare(self.server.url(name), self.fill if filled else None)
            self._templates[filled] = name
        return self._templates[filled]

    @property
    def world(self) -> World:
        """What is in the filled copies."""
        self._template(filled=True)
        return self._worlds[0]

    def copy(self, folder: Path, filled: bool = True) -> str:
        """A database for the service whose data is in `folder`. Returns its URL; give it back with `drop`."""
        name = f"test_{md5(str(folder).encode(), usedforsecurity=False).hexdigest()}"
        self.server.execute(
            f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
            # Copying files is quicker than going through the log, as long as nobody waits for the disk.
            f"CREATE DATABASE {name} TEMPLATE {self._template(filled)} STRATEGY FILE_COPY",
        )
        return self.server.url(name)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self.server.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")


def _prepare(url: str, fill: Fill | None) -> list[World]:
    migrate(url)
    database = Database(settings_for(url))
    try:
        worlds = [fill(database)] if fill is not None else []
        if database.settings.is_sqlite:
            with database.reading() as session:
                session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return worlds
    finally:
        database.close()
