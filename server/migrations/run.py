"""Bringing the database's schema up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from server.core.db import Database
from server.migrations.index_order import settle_indexes

UPGRADE_LOCK = 0x737570  # any number, the same everywhere
HERE = Path(__file__).resolve().parent


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def upgrade(database: Database) -> None:
    """Apply every migration that is missing, all in one transaction."""
    with database.engine.connect() as connection, tables_may_be_rebuilt(connection), connection.begin():
        if connection.dialect.name == "postgresql":  # several containers may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        if _is_current(connection):
            return  # every start asks, and to look where all references lead takes minutes in a city's tables
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        settle_indexes(connection)
        _check_references(connection)


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a CHECK by copying the table, and dropping the old one would empty all that refers to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # without a transaction: within one the pragma does nothing
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _check_references(connection: Connection) -> None:
    """Raises RuntimeError if a migration left rows that refer to nothing; the transaction is rolled back then."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
        if broken:
            raise RuntimeError(f"references lead nowhere after the migration: {broken}")


def is_current(database: Database) -> bool:
    """Whether the schema is the one this program was made for."""
    with database.engine.connect() as connection:
        return _is_current(connection)


def _is_current(connection: Connection) -> bool:
    return MigrationContext.configure(connection).get_current_revision() == _scripts().get_current_head()
