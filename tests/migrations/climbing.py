"""One way up from the first schema to the newest, for the rows of all stories of data that is kept.

A climb takes three to four CPU seconds, and every story would need one on each database. So they go together: each
puts its rows in at the revision that it names, the schema is brought up once, and each looks at a copy of what came of
them, so that nothing it does there meets the others. A story asks after its own rows alone.

    @story
    def a_standing_is_kept_as_the_affiliation(old: Old) -> Story:      # at the first revision
        old = yield "0041"                                             # up to there, and on
        union = old.insert("unions", …)
        database = yield NEWEST
        with database.reading() as session:
            assert …

Stories stand in tests/migrations/kept, by what they are about; tests/migrations/test_data_kept.py tells them.
"""

import shutil
from collections.abc import Callable, Generator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Row, Table, make_url, select

from server.core import ids
from server.core.db import Database
from server.migrations import run as migrations
from tests.support.databases import settings_for
from tests.support.servers import Postgres

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NEWEST = "head"
Story = Generator[str, Any, None]
Teller = Callable[["Old"], Story]
STORIES: dict[str, Teller] = {}


def story(teller: Teller) -> Teller:
    """Let a story be told, by its name."""
    assert teller.__name__ not in STORIES, f"two stories are called {teller.__name__}"
    STORIES[teller.__name__] = teller
    return teller


def config_of(connection: Connection | None = None) -> Config:
    """Alembic's way to the migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade_to(database: Database, revision: str) -> None:
    """Bring the schema up to `revision`; `<revision>-1` is the one before."""
    with database.engine.connect() as connection, migrations.tables_may_be_rebuilt(connection), connection.begin():
        config = config_of(connection)
        if revision.endswith("-1"):
            previous = ScriptDirectory.from_config(config).get_revision(revision.removesuffix("-1"))
            revision = str(previous.down_revision)
        command.upgrade(config, revision)


def before(name: str) -> str:
    """The revision before the migration that is called so, whatever its number: they are put behind each other."""
    [found] = (Path(migrations.__file__).parent / "versions").glob(f"[0-9]*_{name}.py")
    return f"{found.name[:4]}-1"


class Old:
    """Rows as an earlier release wrote them."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self._tables = connection, dict[str, Table]()
        self.is_sqlite = connection.dialect.name == "sqlite"

    def table(self, name: str) -> Table:
        """As it is by now. Looking at all of them takes as long as an upgrade."""
        if name not in self._tables:
            self._tables[name] = Table(name, MetaData(), autoload_with=self.connection, resolve_fks=False)
        return self._tables[name]

    def insert(self, table: str, **values: Any) -> Any:
        """Insert a row, with an id of its own where its table has one; returns the id."""
        key = ids.new_id()
        row = {"id": key, **values} if "id" in self.table(table).c else values
        plain = {name: self.plain(value) for name, value in row.items()}
        self.connection.execute(self.table(table).insert(), plain)
        return key

    def row(self, table: str, key: UUID) -> dict[str, Any]:
        """A row by its id, to be inserted again with changes; ids are as the database keeps them."""
        there = self.table(table)
        return dict(self.connection.execute(select(there).where(there.c.id == self.plain(key))).mappings().one())

    def plain(self, value: Any) -> Any:
        """A value as the database keeps it."""
        if self.is_sqlite and hasattr(value, "hex") and not isinstance(value, float | bytes):
            return value.hex
        return value.replace(tzinfo=None) if self.is_sqlite and isinstance(value, datetime) else value


class Filled:
    """Ids of a city, a worker, and a hazard that was asked about and answered with a photo."""

    def __init__(self, old: Old) -> None:
        times = {"created_at": NOW, "updated_at": NOW}
        self.city = old.insert(
            "unions", level="city", name="青岛市总工会", short_name="", is_high_risk=False, is_chemical=False,
            is_active=True, version=1, **times,
        )  # fmt: skip
        self.person = old.insert("people", name="赵工", is_active=True, version=1, **times)
        campaign = old.insert(
            "campaigns", union_id=self.city, name="查保促", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
            activities=["hazard"], grades=[{"grade": 1, "name": "重大", "criteria": ""}], categories=[],
            is_current=True, version=1, **times,
        )  # fmt: skip
        self.hazard = old.insert(
            "submissions", kind="hazard", campaign_id=campaign, reporter_id=self.person, content_hash="0" * 64,
            status="accepted", version=3, category="fire", excerpt="灭火器失效", place="三楼", grade=3,
            photos_expected=2, photos_received=2, city_id=self.city, routed_union_id=self.city, arrived_at=NOW,
            due_at=NOW, decided_at=NOW, **times,
        )  # fmt: skip
        answer = ids.new_id()
        for position, batch in enumerate((None, answer)):
            old.insert(
                "photos", submission_id=self.hazard, owner_id=self.person, position=position, batch_id=batch,
                sha256="0" * 64, size=1000, state="awaited",
            )  # fmt: skip
        old.insert(
            "submission_steps", submission_id=self.hazard, move="accept", from_status="queued", to_status="accepted",
            actor_id=self.person, at=NOW,
        )  # fmt: skip


def rows_of(connection: Connection, name: str) -> list[Row[Any]]:
    """Every row of a table, by their ids, which are as the database keeps them."""
    table = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
    return list(connection.execute(select(table).order_by(table.c.id)))


def rows_about(connection: Connection, name: str, **about: UUID) -> list[Row[Any]]:
    """Those whose column says so: `rows_about(connection, "photos", submission_id=hazard)`."""
    [(column, key)] = about.items()
    return [row for row in rows_of(connection, name) if UUID(str(getattr(row, column))) == key]


def things(connection: Connection) -> set[tuple[str, str]]:
    """The kind and name of every index and trigger of a SQLite file; nothing elsewhere."""
    if connection.dialect.name != "sqlite":
        return set()
    rows = connection.exec_driver_sql("SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger')")
    return {(row[0], row[1]) for row in rows}


class Climb:
    """One database, brought up with the rows of all stories in it."""

    def __init__(self, url: str, server: Postgres | None) -> None:
        self.url, self.server = url, server
        self._begun: dict[str, Story] = {}
        self._failed: dict[str, Exception] = {}
        self.database = Database(settings_for(url))
        upgrade_to(self.database, "0001")
        with self.database.engine.connect() as connection:
            self.at_first = things(connection)
        waiting: dict[str, list[str]] = {}  # stories by the revision at which they go on
        for name in STORIES:
            waiting.setdefault(self._go_on(name, partial(self._begin, name)), []).append(name)
        while revision := min(waiting.keys() - {NEWEST, ""}, key=self._place, default=None):
            upgrade_to(self.database, revision)
            for name in waiting.pop(revision):
                waiting.setdefault(self._go_on(name, self._begun[name].send), []).append(name)
        migrations.upgrade(self.database)

    def _begin(self, name: str, old: Old) -> str:
        self._begun[name] = STORIES[name](old)
        return next(self._begun[name])

    def _go_on(self, name: str, tell: Callable[[Old], str]) -> str:
        """Let a story put in rows. Returns the revision it waits for; none if it failed, which its own test says."""
        try:
            with self.database.engine.begin() as connection:
                return tell(Old(connection))
        except Exception as error:  # noqa: BLE001  (raised again for the story that it is of)
            self._failed[name] = error
            return ""

    @staticmethod
    def _place(revision: str) -> tuple[int, bool]:
        number = int(revision.removesuffix("-1"))
        return (number - 1, True) if revision.endswith("-1") else (number, False)

    def end(self, name: str) -> None:
        """Let a story look at what came of its rows, in a copy of its own."""
        if name in self._failed:
            raise self._failed[name]
        self.database.close()  # nobody may be connected to what is copied
        copy = Database(settings_for(self._copied(name)))
        try:
            self._begun[name].send(copy)
        except StopIteration:
            return
        finally:
            copy.close()
        raise AssertionError(f"{name} asks for more than the newest schema")

    def _copied(self, name: str) -> str:
        database = str(make_url(self.url).database)
        if self.server is None:
            path = Path(database).with_name(f"{name}.db")
            shutil.copyfile(database, path)
            return f"sqlite:///{path}"
        told = f"told_{len(name)}_{list(STORIES).index(name)}"
        self.server.execute(f"CREATE DATABASE {told} TEMPLATE {database} STRATEGY FILE_COPY")
        return self.server.url(told)
