"""Bringing the database's schema up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from server.core.db import Database

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
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # several containers may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(database: Database) -> bool:
    """Whether the schema is the one this program was made for."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _scripts().get_current_head()
