"""Database: declarative base, portable column types, engines and sessions for SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import (
    JSON,
    DateTime,
    Engine,
    Enum,
    Integer,
    MetaData,
    Select,
    Uuid,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeDecorator

from server.core.encryption import Keyring, set_keyring
from server.core.prepared import Prepared, Row, Values, send, translate
from server.core.settings import Settings
from server.core.sqlite_write_lock import PATIENCE, SqliteWriteLock
from server.core.text import search_key

E = TypeVar("E", bound=StrEnum)
Upsert = postgresql.Insert  # noqa: TID251 (see `upsert`)

# How a transaction starts on SQLite: readers take no lock at all, writers take theirs at once, so that two writers
# queue for the lock instead of failing when one of them upgrades.
BEGIN_OPTION = "suishoupai_begin"


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes and gives aware datetimes in UTC; refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: use server.core.clock.now()")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


FILLED_BY_MIGRATION = "filled_by_migration"
"""In the `info` of a table whose first rows a migration brings: a new database has them before anybody writes."""


class Tenths(TypeDecorator[Decimal]):
    """A decimal with one place (hours, marks), kept as the whole number of tenths: SQLite knows no decimals, and sums
    stay exact."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        tenths = value * 10
        if tenths != int(tenths):
            raise ValueError("more than one decimal place")
        return int(tenths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 10


def named_enum(values: type[E], name: str) -> Enum:
    """Column type for a StrEnum: stored by value, held to its values by a CHECK called `name`."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


def folded(name: str) -> Callable[[Any], str]:
    """A column's default: the text of the column `name` of the same row as searches compare it."""
    return lambda context: search_key(context.get_current_parameters().get(name))


JsonValue = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Every table's base. Constraint names follow one convention, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # Foreign keys to ids state Uuid() themselves: left out, SQLAlchemy waits for the other table to learn the type, and
    # a statement built before that table is imported would send ids in no type at all.
    type_annotation_map = {datetime: UtcDateTime(), UUID: Uuid(), dict[str, Any]: JsonValue, list[Any]: JsonValue}


def make_engine(settings: Settings, statement_seconds: float | None) -> Engine:
    """An engine for the configured database, with a pool that fits the threads of one web process."""
    engine = _connect(settings, statement_seconds)
    secrets = (settings.secret_key.get_secret_value(), settings.secret_key_previous.get_secret_value())
    set_keyring(engine.dialect, Keyring(secrets))
    return engine


def _connect(settings: Settings, statement_seconds: float | None) -> Engine:
    if not settings.is_sqlite:
        from server.core.connections import make_postgresql_engine  # psycopg: 10 MB that SQLite's users do without

        return make_postgresql_engine(settings.sqlalchemy_url, statement_seconds)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        settings.sqlalchemy_url,
        pool_size=16,
        max_overflow=64,
        pool_timeout=10,
        connect_args={"timeout": PATIENCE},
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not start transactions by itself; _begin_sqlite does
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged commit survives a power cut too
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-16000",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def take_turns(engine: Engine) -> SqliteWriteLock:
    """Let the writers of a SQLite engine queue."""
    turns = SqliteWriteLock(engine)
    event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, turns))
    return turns


def _begin_sqlite(connection: Connection, turns: SqliteWriteLock) -> None:
    begin = connection.get_execution_options().get(BEGIN_OPTION, "IMMEDIATE")
    if begin:
        turns.begin(connection, f"BEGIN {begin}")


DATABASE = "database"  # session.info key


def read_ahead(session: Session, statement: Prepared, values: Values) -> list[Row]:
    """What a statement reads before the session's transaction has begun, beside it, so that on SQLite nobody waits for
    the turn to write meanwhile; once it has begun, within it, where the session sees what it has written itself."""
    if session.in_transaction():
        return statement.execute(session.connection(), values)
    return cast(Database, session.info[DATABASE]).ask(statement, values)


def settings_of(session: Session) -> Settings:
    """The settings that the session's database was opened with, for code that runs within somebody's transaction."""
    return cast(Database, session.info[DATABASE]).settings


def counted(rows: Select[Any], most: int) -> Select[int]:
    """The statement that counts the rows of another, `most` at most: it stops looking there."""
    return select(func.count()).select_from(rows.limit(most).subquery())


def upsert(target: Any) -> Upsert:
    """An insert that says what becomes of a row that is there already: `on_conflict_do_nothing`,
    `on_conflict_do_update`. SQLite took the words from PostgreSQL, so one statement serves both; only that SQLite knows
    no `constraint`: name the columns of the key."""
    return postgresql.insert(target)  # noqa: TID251 (the one place)


class Database:
    """The two ways into the database: short reads without a transaction, and transactions.

    `statement_seconds`: after which PostgreSQL's answer is not waited for any longer; None: there is no end.
    """

    def __init__(self, settings: Settings, statement_seconds: float | None = None) -> None:
        self.settings = settings
        self.engine = make_engine(settings, statement_seconds)
        self._turns = take_turns(self.engine) if settings.is_sqlite else None
        self._readers = self.engine.execution_options(
            **({BEGIN_OPTION: ""} if settings.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )

    def read_session(self) -> Session:
        """A session whose statements each stand alone (no BEGIN round trip). The caller closes it."""
        return Session(self._readers, expire_on_commit=False, autoflush=False, info={DATABASE: self})

    def write_session(self) -> Session:
        """A session with one transaction. The caller commits or rolls back, and closes it."""
        return Session(self.engine, expire_on_commit=False, info={DATABASE: self})

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read session for the length of a block."""
        with self.read_session() as session:
            yield session

    @contextmanager
    def streaming(self) -> Iterator[Session]:
        """A read session for very many rows, which come in pieces as they are taken (`yield_per`): PostgreSQL keeps the
        rest meanwhile, for which it needs a transaction."""
        engine = self._readers if self.settings.is_sqlite else self.engine
        with Session(engine, expire_on_commit=False, autoflush=False, info={DATABASE: self}) as session:
            yield session

    def ask(self, statement: Prepared, values: Values) -> list[Row]:
        """What a statement that stands alone reads, on hot paths."""
        with self._alone() as held:
            return send(self.engine, held, statement, values)

    def write_one(self, statement: Prepared, values: Values) -> list[Row]:
        """One statement that is a transaction of its own, on hot paths: committed when this returns what it gives. On
        SQLite it takes its turn as every writer; on PostgreSQL it saves the round trips of BEGIN and COMMIT."""
        with self._alone() as held:
            if self._turns is None:
                return send(self.engine, held, statement, values)
            return send(self.engine, held, statement, values, partial(self._turns.execute, held))

    @contextmanager
    def _alone(self) -> Iterator[PoolProxiedConnection]:
        """A connection on which the driver commits each statement by itself."""
        try:
            held = self.engine.raw_connection()
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise translate(error, self.engine.dialect) from error
        driver: Any = held.driver_connection
        try:
            if not self.settings.is_sqlite:
                driver.autocommit = True
            yield held
        finally:
            if not self.settings.is_sqlite and not driver.closed:
                driver.autocommit = False
            held.close()

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One transaction for the length of a block: committed at its end, rolled back if it raises."""
        with self.write_session() as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
